#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The files of this machine.
package struct DiskFiles: ManifestFiles {
    /// Access relative to the current folder of the process.
    package init() {}

    /// See ``ManifestFiles``; uses `stat`.
    package func kind(of path: String) -> ManifestFileKind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .special
        }
    }

    /// See ``ManifestFiles``; the size is taken from the opened file, so that the limit holds for what is read.
    package func contents(of path: String, limit: Int) throws(ManifestFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ManifestFileError(Self.reason(errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var failure: Int32 = 0
        let chunk = 1 << 20
        while bytes.count <= limit {
            let part = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
                let got = read(descriptor, buffer.baseAddress, chunk)
                failure = got < 0 ? errno : 0
                count = max(0, got)
            }
            if failure == EINTR { continue }
            guard failure == 0 else { throw ManifestFileError(Self.reason(failure)) }
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }

    /// See ``ManifestFiles``; uses `readdir`.
    package func names(in folder: String) throws(ManifestFileError) -> [String] {
        guard let handle = opendir(folder) else { throw ManifestFileError(Self.reason(errno)) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// See ``ManifestFiles``; uses `realpath`.
    package func canonicalPath(of path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code)).lowercased()
    }
}
