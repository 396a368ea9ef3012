import Diagnostics
package import Foundation
import Synchronization

/// One of the process's streams.
package struct Console: Sendable {
    private let handle: FileHandle
    private let isBroken = Flag()

    /// A stream of this process, or a file in its place.
    package init(_ handle: FileHandle) {
        self.handle = handle
    }

    /// Whether something that was written did not arrive: nobody reads it any more, or there is no room for it.
    package var hasLost: Bool { isBroken.isSet }

    /// Columns of the terminal; `nil` when it is none.
    package var width: Int? {
        var size = winsize()
        guard isTerminal, ioctl(handle.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// Whether a person looks at it.
    package var isTerminal: Bool {
        isatty(handle.fileDescriptor) == 1
    }

    /// Writes text, without anything a terminal would act on but colour and the redrawing of progress; that it did not
    /// arrive is remembered, and stops nothing.
    package func write(_ text: String) {
        let bytes = Data(PlainText.onTerminal(text).utf8)
        do { try handle.write(contentsOf: bytes) } catch { isBroken.set() }
    }

    /// Writes text and, unless it ends with one, a line break.
    package func writeLine(_ text: String) {
        write(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n")
    }
}

/// Something that happened, or did not.
private final class Flag: Sendable {
    private let state = Mutex(false)
    package var isSet: Bool { state.withLock(\.self) }
    package func set() { state.withLock { $0 = true } }
}
