package import SimulatorCore

/// Things to happen at known times, taken in the order of their time, equal times in the order they were added.
package struct Agenda<Item> {
    private var heap: [(time: Milliseconds, sequence: Int, item: Item)] = []
    private var added = 0

    package init() {}

    /// When the next thing is due.
    package var next: Milliseconds? {
        heap.first?.time
    }

    /// The same times and order with other items.
    func map(_ transform: (Item) -> Item) -> Agenda {
        var copy = self
        copy.heap = heap.map { ($0.time, $0.sequence, transform($0.item)) }
        return copy
    }

    package mutating func add(_ item: Item, at time: Milliseconds) {
        heap.append((time, added, item))
        added += 1
        siftUp(from: heap.count - 1)
    }

    /// Takes the next thing that is due at `time` or before.
    package mutating func take(until time: Milliseconds) -> (time: Milliseconds, item: Item)? {
        guard let first = heap.first, first.time <= time else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown()
        return (first.time, first.item)
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].time, heap[left].sequence) < (heap[right].time, heap[right].sequence)
    }

    private mutating func siftUp(from start: Int) {
        var index = start
        while index > 0, precedes(index, (index - 1) / 2) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func siftDown() {
        var index = 0
        while true {
            let children = [2 * index + 1, 2 * index + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { precedes($0, $1) }), precedes(least, index) else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
