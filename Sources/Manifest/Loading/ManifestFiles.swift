/// What stands at a path.
package enum ManifestFileKind: Hashable, Sendable {
    /// A regular file.
    case file
    case folder
    /// A socket, a pipe, a device: never read.
    case special
}

/// Why a path could not be read.
package struct ManifestFileError: Error, Hashable, Sendable {
    /// The reason in words, without the path: "permission denied".
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }
}

/// Read access to the files of a workspace; the loader sees files only through this.
package protocol ManifestFiles: Sendable {
    /// What stands at a path, after following symbolic links; `nil` when nothing does.
    func kind(of path: String) -> ManifestFileKind?
    /// The bytes of a regular file; refuses more than `limit` bytes without reading them.
    func contents(of path: String, limit: Int) throws(ManifestFileError) -> [UInt8]
    /// Names of what a folder holds, in any order.
    func names(in folder: String) throws(ManifestFileError) -> [String]
    /// The path without symbolic links and dots, by which two paths to one file are recognised; `nil` when nothing is
    /// there.
    func canonicalPath(of path: String) -> String?
}
