import SimulatorCore

extension KafkaEstate {
    /// `records`: one record, or several one after the other, answered one by one.
    func produce(_ call: KafkaCall, _ topic: Topic, in stage: inout Stage) throws(KafkaRefusal) -> Response {
        guard !call.request.body.isEmpty else {
            throw KafkaRefusal(422, 422, "Payload error. Request body is empty. Data is required.")
        }
        guard let records = try? JSON.sequence(parsing: call.request.body), !records.isEmpty else {
            throw .malformed("Bad Request: the body is not JSON.")
        }
        guard permitsWrite(call, to: topic, in: stage) else {
            throw KafkaRefusal(403, 40301, "Not authorized to access topics: [\(topic.name)]")
        }
        guard topic.liveMirror == nil || stage.lies.contains(.mirrorsTakeRecords) else {
            throw .rejected("Cannot append records to read-only mirror topic '\(topic.name)'.")
        }
        if records.count == 1 { return .json(try append(records[0], call, topic, in: &stage)) }
        var body: [UInt8] = []
        for record in records {
            let answer: JSON
            do {
                answer = try append(record, call, topic, in: &stage)
            } catch {
                answer = ["error_code": JSON(error.code), "message": .string(error.message)]
            }
            answer.write(to: &body)
            body.append(UInt8(ascii: "\n"))
        }
        return Response(status: 200, headers: [("content-type", "application/json")], body: body)
    }

    private func append(
        _ record: JSON, _ call: KafkaCall, _ topic: Topic, in stage: inout Stage
    ) throws(KafkaRefusal) -> JSON {
        guard record.members != nil else { throw .malformed("Bad Request: a record is not a JSON object.") }
        let key = try part(record["key"])
        let value = try part(record["value"])
        let partition = try partition(of: record, key: key, in: topic, &stage)
        for header in record["headers"]?.array ?? [] {
            guard let text = header["value"]?.string, Base64.decode(text) == nil else { continue }
            throw .malformed("Cannot deserialize value of type `byte[]` from String \"\(text)\".")
        }
        let offset = append(
            1, to: topic, partition: partition, on: call.cluster, by: call.actor, acknowledged: !stage.answersAreLost,
            in: &stage)
        if let origin = topic.origin {
            payloads.keep(
                PayloadStore.Payload(
                    key: record["key"], value: record["value"], headers: record["headers"], timestamp: stage.now),
                at: PayloadStore.Place(origin: origin, partition: partition, offset: offset))
        }
        var answer: JSON = [
            "error_code": 200, "cluster_id": .string(call.cluster.id), "topic_name": .string(topic.name),
            "partition_id": JSON(partition), "offset": JSON(offset),
            "timestamp": .string(Timestamp.text(stage.now)),
        ]
        if let key { answer.append("key", key.description) }
        if let value { answer.append("value", value.description) }
        return answer
    }

    /// The partition a record asks for, else the one its key stands for, else any.
    private func partition(
        of record: JSON, key: RecordPart?, in topic: Topic, _ stage: inout Stage
    ) throws(KafkaRefusal) -> Int {
        guard let asked = record["partition_id"]?.int else {
            return key?.bytes.map { KeyPartitioner.partition(of: $0, among: topic.partitionCount) }
                ?? Int(stage.random.next() % UInt64(topic.partitionCount))
        }
        guard (0..<Int64(topic.partitionCount)).contains(asked) else {
            throw KafkaRefusal(404, 40402, "Partition not found.")
        }
        return Int(asked)
    }

    /// A key or a value; `nil` when the record has none.
    private func part(_ part: JSON?) throws(KafkaRefusal) -> RecordPart? {
        guard let part, part != .null else { return nil }
        guard let type = part["type"]?.string else {
            throw KafkaRefusal(501, 501, "The simulator has no model of schema-based record formats.")
        }
        return RecordPart(type: type, bytes: try bytes(of: part["data"] ?? .null, type))
    }

    private func bytes(of data: JSON, _ type: String) throws(KafkaRefusal) -> [UInt8]? {
        switch (type, data) {
        case (_, .null): return nil
        case ("BINARY", .string(let text)):
            guard let bytes = Base64.decode(text) else {
                throw .malformed("Bad Request: data=\(text) is not a base64 string.")
            }
            return bytes
        case ("STRING", .string(let text)): return Array(text.utf8)
        case ("JSON", _): return data.bytes
        case ("BINARY", _), ("STRING", _): throw .malformed("Bad Request: data is not a string.")
        default: throw KafkaRefusal(501, 501, "The simulator has no model of record type '\(type)'.")
        }
    }
}

/// The key or the value of a record, as a producer's serializer leaves it.
private struct RecordPart {
    var type: String
    /// `nil` where its data is `null`.
    var bytes: [UInt8]?

    /// How the answer describes it.
    package var description: JSON {
        ["type": .string(type), "size": JSON(bytes?.count ?? 0)]
    }
}
