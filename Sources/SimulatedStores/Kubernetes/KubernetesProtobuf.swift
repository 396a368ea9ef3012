import SimulatorCore

/// The protobuf form of objects that `kubectl create` sends: `k8s\0` and a `runtime.Unknown` with the object inside.
/// Namespaces, ConfigMaps and Secrets are read.
enum KubernetesProtobuf {
    static let mediaType = "application/vnd.kubernetes.protobuf"

    /// The object as JSON; `nil` when it is none of these or broken.
    static func object(_ body: [UInt8]) -> JSON? {
        let magic = Array("k8s".utf8) + [0]
        guard body.starts(with: magic), let unknown = ProtobufMessage(body.dropFirst(magic.count)),
            let type = unknown.message(1), let kind = type.text(2), let raw = unknown.message(2)
        else { return nil }
        var object: JSON = ["apiVersion": .string(type.text(1) ?? "v1"), "kind": .string(kind)]
        object.append("metadata", metadata(raw.message(1)))
        switch kind {
        case "Namespace": break
        case "ConfigMap":
            object.append("data", texts(raw, 2))
            if raw.number(4) == 1 { object.append("immutable", true) }
        case "Secret":
            let data = raw.entries(2).map { JSON.Member(name: $0.key, value: .string(Base64.encode($0.value))) }
            if !data.isEmpty { object.append("data", .object(data)) }
            if let type = raw.text(3), !type.isEmpty { object.append("type", .string(type)) }
            if !raw.entries(4).isEmpty { object.append("stringData", texts(raw, 4)) }
            if raw.number(5) == 1 { object.append("immutable", true) }
        default: return nil
        }
        return object
    }

    private static func metadata(_ message: ProtobufMessage?) -> JSON {
        var metadata: JSON = [:]
        guard let message else { return metadata }
        for (number, name) in [(1, "name"), (2, "generateName"), (3, "namespace"), (6, "resourceVersion")] {
            if let text = message.text(number), !text.isEmpty { metadata.append(name, .string(text)) }
        }
        for (number, name) in [(11, "labels"), (12, "annotations")] where !message.entries(number).isEmpty {
            metadata.append(name, texts(message, number))
        }
        return metadata
    }

    private static func texts(_ message: ProtobufMessage, _ number: Int) -> JSON {
        .object(
            message.entries(number).map {
                JSON.Member(name: $0.key, value: .string(String(decoding: $0.value, as: UTF8.self)))
            })
    }
}

/// The fields of one protobuf message: numbers and lengths of bytes.
struct ProtobufMessage {
    private var numbers: [Int: UInt64] = [:]
    private var pieces: [Int: [[UInt8]]] = [:]

    init?(_ bytes: some Sequence<UInt8>) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            guard let tag = Self.number(&rest) else { return nil }
            let field = Int(clamping: tag >> 3)
            switch tag & 7 {
            case 0:
                guard let number = Self.number(&rest) else { return nil }
                numbers[field] = number
            case 2:
                guard let length = Self.number(&rest).flatMap({ Int(exactly: $0) }), length <= rest.count else {
                    return nil
                }
                pieces[field, default: []].append(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
            default: return nil
            }
        }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    func number(_ field: Int) -> UInt64? { numbers[field] }

    func text(_ field: Int) -> String? {
        pieces[field]?.last.map { String(decoding: $0, as: UTF8.self) }
    }

    func message(_ field: Int) -> ProtobufMessage? {
        pieces[field]?.last.flatMap { ProtobufMessage($0) }
    }

    /// The entries of a map from texts to bytes.
    func entries(_ field: Int) -> [(key: String, value: [UInt8])] {
        (pieces[field] ?? []).compactMap { piece in
            ProtobufMessage(piece).map { ($0.text(1) ?? "", $0.pieces[2]?.last ?? []) }
        }
    }
}
