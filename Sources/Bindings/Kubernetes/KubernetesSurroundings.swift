/// What connections to Kubernetes find on the machine a command runs on.
package struct KubernetesSurroundings: Sendable {
    /// A kubeconfig that is no YAML.
    package struct UnreadableYAML: Error {
        /// What is wrong and on which line, never the content.
        package let reason: String

        package init(reason: String) {
            self.reason = reason
        }
    }

    /// Turns a kubeconfig's YAML into JSON. Without one kubeconfigs have to be JSON.
    package var json: @Sendable ([UInt8]) throws(UnreadableYAML) -> [UInt8]
    /// The folder a pod finds its service account in: `token` and `ca.crt`.
    package var serviceAccount: String

    /// What a pod and a workstation have.
    package init(
        serviceAccount: String = "/var/run/secrets/kubernetes.io/serviceaccount",
        json: @escaping @Sendable ([UInt8]) throws(UnreadableYAML) -> [UInt8] = { bytes in bytes }
    ) {
        self.serviceAccount = serviceAccount
        self.json = json
    }
}
