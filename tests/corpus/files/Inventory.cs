using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Example.Warehouse
{
    public record Item(string Name, int Count);

    public sealed class Inventory
    {
        private readonly Dictionary<string, Item> _items = new();

        public event EventHandler<Item>? Changed;

        public async Task<Item?> FindAsync(string name)
        {
            await Task.Yield();
            return _items.TryGetValue(name, out var item) ? item : null;
        }

        public void Add(Item item)
        {
            if (item is null) throw new ArgumentNullException(nameof(item));
            _items[item.Name] = item;
            Changed?.Invoke(this, item);
        }

        public int Total => _items.Values.Sum(item => item.Count);
    }
}
