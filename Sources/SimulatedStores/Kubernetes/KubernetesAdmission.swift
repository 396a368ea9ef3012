import SimulatorCore

/// What the API server checks and fills in before it stores an object.
extension SimulatedKubernetes {
    /// Bytes of data an object may hold.
    private static let largestData = 1 << 20

    /// The object as it is stored, if it may be.
    func admitted(_ sent: JSON, _ key: KubernetesKey) throws(KubernetesRefusal) -> JSON {
        var object = sent
        for (name, value) in [("apiVersion", key.resource.apiVersion), ("kind", key.resource.kind)] {
            if let found = object[name]?.string, !found.isEmpty, found != value {
                throw .bad("the \(name) in the data (\(found)) does not match the expected \(name) (\(value))")
            }
            object.set(.string(value), at: [name])
        }
        try checkNames(object, key)
        guard Self.isSubdomain(key.name) else {
            throw .invalid(
                key, "metadata.name",
                "Invalid value: \"\(key.name)\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
                    + "characters, '-' or '.', and must start and end with an alphanumeric character")
        }
        try checkAnnotations(object, key)
        switch key.resource {
        case .configmaps: try checkData(object, key)
        case .secrets: object = try admittedSecret(object, key)
        case .deployments, .statefulsets, .daemonsets: object = try admittedWorkload(object, key)
        case .leases: try checkLease(object, key)
        case .namespaces: break
        }
        return object
    }

    func checkNamespace(of key: KubernetesKey) throws(KubernetesRefusal) {
        guard key.resource.isNamespaced else { return }
        let namespace = KubernetesKey(resource: .namespaces, namespace: "", name: key.namespace)
        guard objects[namespace] != nil else { throw .notFound(namespace) }
    }

    /// Names in the body are those of the path.
    func checkNames(_ object: JSON, _ key: KubernetesKey) throws(KubernetesRefusal) {
        let name = object.value(at: ["metadata", "name"])?.string ?? key.name
        guard name == key.name else {
            throw .bad("the name of the object (\(name)) does not match the name on the URL (\(key.name))")
        }
        let namespace = object.value(at: ["metadata", "namespace"])?.string ?? key.namespace
        guard namespace.isEmpty || namespace == key.namespace else {
            throw .bad("the namespace of the provided object does not match the namespace sent on the request")
        }
    }

    func checkImmutable(_ object: JSON, _ live: JSON?, _ key: KubernetesKey) throws(KubernetesRefusal) {
        guard let live, live["immutable"]?.bool == true,
            !(live["data"] ?? [:]).isSame(as: object["data"] ?? [:])
        else { return }
        throw .invalid(key, "data", "Forbidden: field is immutable when `immutable` is set")
    }

    private func checkAnnotations(_ object: JSON, _ key: KubernetesKey) throws(KubernetesRefusal) {
        for member in object.value(at: ["metadata", "annotations"])?.members ?? [] {
            let parts = member.name.split(separator: "/", omittingEmptySubsequences: false)
            let isValid =
                parts.count <= 2 && (parts.last.map { Self.isQualifiedName(String($0)) } ?? false)
                && (parts.count == 1 || Self.isSubdomain(String(parts[0])))
            guard isValid, member.value.string != nil else {
                throw .invalid(
                    key, "metadata.annotations",
                    "Invalid value: \"\(member.name)\": name part must consist of alphanumeric characters, '-', '_' or "
                        + "'.', and must start and end with an alphanumeric character")
            }
        }
    }

    private func checkData(_ object: JSON, _ key: KubernetesKey) throws(KubernetesRefusal) {
        var size = 0
        for member in object["data"]?.members ?? [] {
            guard Self.isDataKey(member.name) else {
                throw .invalid(
                    key, "data[\(member.name)]",
                    "Invalid value: \"\(member.name)\": a valid config key must consist of alphanumeric characters, "
                        + "'-', '_' or '.'")
            }
            guard let text = member.value.string else {
                throw .bad("\(key.resource.kind) in version \"v1\" cannot be handled: data.\(member.name) is no string")
            }
            size += key.resource == .secrets ? Base64.decode(text)?.count ?? 0 : text.utf8.count
        }
        guard size <= Self.largestData else {
            throw .invalid(key, "data", "Too long: must have at most \(Self.largestData) bytes")
        }
    }

    private func admittedSecret(_ sent: JSON, _ key: KubernetesKey) throws(KubernetesRefusal) -> JSON {
        var object = sent
        for member in object["stringData"]?.members ?? [] {
            object.set(.string(Base64.encode(Array((member.value.string ?? "").utf8))), at: ["data", member.name])
        }
        object.set(nil, at: ["stringData"])
        if object["type"] == nil { object.set("Opaque", at: ["type"]) }
        try checkData(object, key)
        for member in object["data"]?.members ?? [] where member.value.string.flatMap(Base64.decode) == nil {
            throw .bad("Secret in version \"v1\" cannot be handled: data.\(member.name) is no base64")
        }
        return object
    }

    private func admittedWorkload(_ sent: JSON, _ key: KubernetesKey) throws(KubernetesRefusal) -> JSON {
        var object = sent
        guard object.value(at: ["spec", "selector"]) != nil else {
            throw .invalid(key, "spec.selector", "Required value")
        }
        guard object.value(at: ["spec", "template", "spec", "containers"])?.array?.isEmpty == false else {
            throw .invalid(key, "spec.template.spec.containers", "Required value")
        }
        func fill(_ value: JSON, _ path: String...) {
            if object.value(at: ["spec"] + path) == nil { object.set(value, at: ["spec"] + path) }
        }
        if key.resource.hasScale { fill(1, "replicas") }
        fill("RollingUpdate", key.resource == .deployments ? "strategy" : "updateStrategy", "type")
        if key.resource == .deployments { fill(600, "progressDeadlineSeconds") }
        return object
    }

    private func checkLease(_ object: JSON, _ key: KubernetesKey) throws(KubernetesRefusal) {
        for name in ["acquireTime", "renewTime"] {
            guard let time = object.value(at: ["spec", name]) else { continue }
            guard let text = time.string, Self.isMicroTime(text) else {
                throw .bad(
                    "Lease in version \"v1\" cannot be handled as a Lease: spec.\(name): cannot parse as "
                        + "\"2006-01-02T15:04:05.000000Z07:00\"")
            }
        }
        if let holder = object.value(at: ["spec", "holderIdentity"]), holder.string == nil {
            throw .bad("Lease in version \"v1\" cannot be handled as a Lease: spec.holderIdentity is no string")
        }
        guard let duration = object.value(at: ["spec", "leaseDurationSeconds"]) else { return }
        guard let seconds = duration.int, seconds <= Int32.max else {
            throw .bad("Lease in version \"v1\" cannot be handled as a Lease: spec.leaseDurationSeconds is no int32")
        }
        guard seconds > 0 else {
            throw .invalid(key, "spec.leaseDurationSeconds", "Invalid value: \(seconds): must be greater than 0")
        }
    }

    /// Six digits of a second are told, no more and no less.
    private static func isMicroTime(_ text: String) -> Bool {
        text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)/) != nil
    }

    // MARK: Names

    private static func isSubdomain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 253
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                !label.isEmpty && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy {
                        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
                    }
            }
    }

    private static func isQualifiedName(_ name: String) -> Bool {
        guard let first = name.utf8.first, let last = name.utf8.last, name.utf8.count <= 63 else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last) && name.utf8.allSatisfy(isNameByte)
    }

    private static func isDataKey(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 253 && name != "." && !name.hasPrefix("..")
            && name.utf8.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-_.".utf8.contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
