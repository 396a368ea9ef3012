import Foundation
import Synchronization
import SystemPackage

/// Where the output of a program goes: a file without a name, of which only the end is kept. Nobody has to read it while
/// the program runs, and it ends with whoever holds it last.
final class OutputFile: Sendable {
    /// What the program writes to.
    let descriptor: FileDescriptor

    /// Bytes of the end that are kept.
    private static let kept = 64 << 10
    /// Size from which the file is shortened.
    private static let largest = 8 << 20

    private let beginning = Mutex<[UInt8]>([])

    /// A file of this process's user alone, in the folder for temporary files.
    init() throws {
        let path = FilePath(NSTemporaryDirectory()).appending("spillway-\(UUID().uuidString)")
        descriptor = try FileDescriptor.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .append, .closeOnExec], permissions: .ownerReadWrite)
        unlink(path.string)
    }

    deinit {
        try? descriptor.close()
    }

    /// Keeps the end of a file that has become large, and drops the rest.
    func shorten() {
        guard let size = try? descriptor.seek(offset: 0, from: .end), size > Self.largest else { return }
        let end = bytes()
        guard (try? descriptor.resize(to: 0)) != nil else { return }
        beginning.withLock { $0 = end }
    }

    /// The end of what was written; its first line is whole.
    func end() -> String {
        let all = beginning.withLock { $0 } + bytes()
        guard all.count > Self.kept else { return String(decoding: all, as: UTF8.self) }
        let end = all.suffix(Self.kept)
        let line = end.firstIndex(of: UInt8(ascii: "\n")).map { end.index(after: $0) } ?? end.startIndex
        return String(decoding: end[line...], as: UTF8.self)
    }

    /// The last bytes of the file.
    private func bytes() -> [UInt8] {
        guard let size = try? descriptor.seek(offset: 0, from: .end) else { return [] }
        let start = max(0, size - Int64(Self.kept))
        var bytes = [UInt8](repeating: 0, count: Int(size - start))
        let count = bytes.withUnsafeMutableBytes { buffer in
            (try? descriptor.read(fromAbsoluteOffset: start, into: buffer)) ?? 0
        }
        return Array(bytes.prefix(count))
    }
}
