#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define RING_SIZE 64

struct ring {
    uint8_t bytes[RING_SIZE];
    size_t head, tail;
};

static int ring_put(struct ring *ring, uint8_t byte)
{
    size_t next = (ring->head + 1) % RING_SIZE;
    if (next == ring->tail)
        return -1;
    ring->bytes[ring->head] = byte;
    ring->head = next;
    return 0;
}

int main(int argc, char **argv)
{
    struct ring ring;
    memset(&ring, 0, sizeof ring);
    for (int i = 1; i < argc; i++)
        for (const char *c = argv[i]; *c; c++)
            if (ring_put(&ring, (uint8_t)*c) != 0) {
                fprintf(stderr, "full after %zu bytes\n", ring.head);
                return 1;
            }
    return 0;
}
