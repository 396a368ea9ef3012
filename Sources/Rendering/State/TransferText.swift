package import Domain

/// What commands say that move a ledger as a whole.
package enum TransferText {
    /// How much of a ledger there is.
    package struct Size: Sendable {
        let ledgerID: String
        let objects: Int
        let runs: Int

        package init(ledgerID: String, objects: Int, runs: Int) {
            self.ledgerID = ledgerID
            self.objects = objects
            self.runs = runs
        }
    }

    /// What a merge took from the other ledger.
    package struct Taken: Sendable {
        let objects: Int
        let families: [String]
        let runs: Int
        let unknownSecrets: Int

        package init(objects: Int, families: [String], runs: Int, unknownSecrets: Int) {
            self.objects = objects
            self.families = families
            self.runs = runs
            self.unknownSecrets = unknownSecrets
        }
    }

    package static func exported(_ size: Size, to file: String) -> String {
        "\(words(size)) written to \(file)"
    }

    package static func imported(_ size: Size, to location: String, unknownSecrets: Int, _ invocation: Invocation)
        -> String
    {
        "\(words(size)) are the ledger at \(location) now\(secrets(unknownSecrets))\n  next: \(invocation.command("plan"))"
    }

    /// What to commit when the ledger is somewhere else.
    package static func moved(_ size: Size, to location: WorkspaceSpec.StateLocation) -> String {
        """
        \(words(size)) copied and read back; the old one is not used any more
        In spillway.yaml, say so and commit it:

          spec:
            state: \(lines(location))
        """
    }

    package static func merged(_ taken: Taken, from file: String, _ invocation: Invocation) -> String {
        let families = taken.families.isEmpty ? "no move" : "moves of \(taken.families.joined(separator: ", "))"
        return "from \(file): \(Words.count(taken.objects, "object")), \(families), "
            + "\(Words.count(taken.runs, "run"))\(secrets(taken.unknownSecrets))\n"
            + "  that file is done with: keep it out of use\n  next: \(invocation.command("plan"))"
    }

    private static func words(_ size: Size) -> String {
        "\(Words.count(size.objects, "object")) and \(Words.count(size.runs, "run")) of ledger \(size.ledgerID)"
    }

    private static func secrets(_ count: Int) -> String {
        count == 0
            ? ""
            : "; the secrets of \(Words.count(count, "object")) count as not known, and are written anew by the next apply"
    }

    /// A place as flow mappings of `spec.state`, which take quotes like JSON.
    private static func lines(_ location: WorkspaceSpec.StateLocation) -> String {
        switch location {
        case .sqlite(let path): "{sqlite: {path: \(quoted(path))}}"
        case .etcd(let connection, let prefix):
            "{etcd: {connection: \(quoted(connection)), prefix: \(quoted(prefix))}}"
        case .s3(let state):
            "{s3: {connection: \(quoted(state.connection)), bucket: \(quoted(state.bucket)), key: \(quoted(state.key))}}"
        case .kubernetes(let connection, let namespace, let prefix):
            "{kubernetes: {connection: \(quoted(connection)), namespace: \(quoted(namespace)), prefix: \(quoted(prefix))}}"
        }
    }

    private static func quoted(_ text: String) -> String { String(reflecting: text) }
}
