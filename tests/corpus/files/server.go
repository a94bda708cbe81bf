package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"sync"
)

type store struct {
	mu    sync.RWMutex
	items map[string]int
}

var errMissing = errors.New("no such item")

func (s *store) get(name string) (int, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	count, ok := s.items[name]
	if !ok {
		return 0, fmt.Errorf("%s: %w", name, errMissing)
	}
	return count, nil
}

func main() {
	s := &store{items: map[string]int{"apple": 3}}
	http.HandleFunc("/items", func(w http.ResponseWriter, r *http.Request) {
		count, err := s.get(r.URL.Query().Get("name"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		_ = json.NewEncoder(w).Encode(count)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
