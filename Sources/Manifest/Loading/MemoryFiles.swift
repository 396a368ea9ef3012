/// Files that exist only in memory: for tests, templates and editors.
package struct MemoryFiles: ManifestFiles {
    private var files: [String: [UInt8]] = [:]
    private var links: [String: String] = [:]

    /// Files by path; folders exist where a file is below them.
    package init(_ texts: [String: String] = [:]) {
        for (path, text) in texts { files[ManifestPath.normalized(path)] = Array(text.utf8) }
    }

    /// Puts bytes at a path.
    package mutating func set(_ path: String, to bytes: [UInt8]) {
        files[ManifestPath.normalized(path)] = bytes
    }

    /// Makes `path` a symbolic link to another path, given from the root of these files.
    package mutating func link(_ path: String, to target: String) {
        links[ManifestPath.normalized(path)] = ManifestPath.normalized(target)
    }

    /// See ``ManifestFiles``.
    package func kind(of path: String) -> ManifestFileKind? {
        guard let path = canonicalPath(of: path) else { return nil }
        return files[path] == nil ? .folder : .file
    }

    /// See ``ManifestFiles``.
    package func contents(of path: String, limit: Int) throws(ManifestFileError) -> [UInt8] {
        guard let path = canonicalPath(of: path), let bytes = files[path] else {
            throw ManifestFileError("no such file or directory")
        }
        return bytes
    }

    /// See ``ManifestFiles``.
    package func names(in folder: String) throws(ManifestFileError) -> [String] {
        guard let folder = canonicalPath(of: folder) else { throw ManifestFileError("no such file or directory") }
        let prefix = folder == "." ? "" : folder + "/"
        let below = (Array(files.keys) + Array(links.keys)).filter { $0.hasPrefix(prefix) }
        return Array(Set(below.compactMap { $0.dropFirst(prefix.count).split(separator: "/").first.map(String.init) }))
    }

    /// See ``ManifestFiles``.
    package func canonicalPath(of path: String) -> String? {
        var resolved = "."
        var rest = ManifestPath.normalized(path).split(separator: "/").map(String.init)
        var followed = 0
        while !rest.isEmpty {
            let next = ManifestPath.join(resolved, rest.removeFirst())
            if let target = links[next] {
                followed += 1
                guard followed < 40 else { return nil }
                rest = target.split(separator: "/").map(String.init) + rest
                resolved = "."
            } else {
                resolved = next
            }
        }
        let prefix = resolved == "." ? "" : resolved + "/"
        let exists = files[resolved] != nil || (Array(files.keys) + Array(links.keys)).contains { $0.hasPrefix(prefix) }
        return exists ? resolved : nil
    }
}
