// Reads rooms from inside, which only builds for development allow.
#if DEBUG
    /// What reads text of others, each as a function that takes any bytes: for the fuzzer, which is a package of its own,
    /// and for the test that gives them every file of the corpora.
    public enum FuzzEntry: String, CaseIterable, Sendable {
        /// A workspace: manifests, what is planned from them when nobody answers, and what is said of them.
        case manifests
        /// Lists of a cluster and of a registry, in pieces.
        case lists
        /// Published files, of which one key is set.
        case documents
        /// Saved plans.
        case plans
        /// Kubeconfigs.
        case kubeconfigs

        /// - Returns: What must hold for any bytes and does not for these; `nil` when all does.
        public func broken(by bytes: [UInt8]) -> String? {
            do {
                switch self {
                case .manifests: try ManifestsEntry.check(bytes)
                case .lists: try ListsEntry.check(bytes)
                case .documents: try DocumentsEntry.check(bytes)
                case .plans: try PlansEntry.check(bytes)
                case .kubeconfigs: try KubeconfigsEntry.check(bytes)
                }
                return nil
            } catch {
                return "\(rawValue): \(error)"
            }
        }

        /// Whether a file would be applied, as far as its seal goes.
        public static func isAcceptedPlan(_ bytes: [UInt8]) -> Bool { PlansEntry.isAccepted(bytes) }
    }

    /// What must hold, and does not.
    struct Broken: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    func require(_ holds: Bool, _ words: @autoclosure () -> String) throws(Broken) {
        if !holds { throw Broken(words()) }
    }
#endif
