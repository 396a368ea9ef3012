/// Paths with `/`, as manifests write them.
enum ManifestPath {
    /// `path` seen from `folder`; absolute paths stay.
    static func join(_ folder: String, _ path: String) -> String {
        if path.hasPrefix("/") { return normalized(path) }
        return normalized(folder == "." || folder.isEmpty ? path : folder + "/" + path)
    }

    /// The path without `.` and, where a name stands before it, without `..`; `.` for the empty path.
    static func normalized(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if isAbsolute { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    /// The folder of a file.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// Whether a relative path, once normalised, stays below the folder it is relative to.
    static func staysBelow(_ path: String) -> Bool {
        let normal = normalized(path)
        return !normal.hasPrefix("/") && normal != ".." && !normal.hasPrefix("../") && normal != "."
    }
}
