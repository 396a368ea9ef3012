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
        let partition = try partition(of: record, in: topic, &stage)
        let key = try size(of: record["key"])
        let value = try size(of: record["value"])
        for header in record["headers"]?.array ?? [] {
            guard let text = header["value"]?.string, Base64.decode(text) == nil else { continue }
            throw .malformed("Cannot deserialize value of type `byte[]` from String \"\(text)\".")
        }
        let offset = append(1, to: topic, partition: partition, on: call.cluster, by: call.actor, in: &stage)
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
        if let key { answer.append("key", key) }
        if let value { answer.append("value", value) }
        return answer
    }

    private func partition(
        of record: JSON, in topic: Topic, _ stage: inout Stage
    ) throws(KafkaRefusal) -> Int {
        guard let asked = record["partition_id"]?.int else {
            return Int(stage.random.next() % UInt64(topic.partitionCount))
        }
        guard (0..<Int64(topic.partitionCount)).contains(asked) else {
            throw KafkaRefusal(404, 40402, "Partition not found.")
        }
        return Int(asked)
    }

    /// How the answer describes a key or a value; `nil` when the record has none.
    private func size(of part: JSON?) throws(KafkaRefusal) -> JSON? {
        guard let part, part != .null else { return nil }
        guard let type = part["type"]?.string else {
            throw KafkaRefusal(501, 501, "The simulator has no model of schema-based record formats.")
        }
        let data = part["data"] ?? .null
        let size: Int
        switch (type, data) {
        case (_, .null): size = 0
        case ("BINARY", .string(let text)):
            guard let bytes = Base64.decode(text) else {
                throw .malformed("Bad Request: data=\(text) is not a base64 string.")
            }
            size = bytes.count
        case ("STRING", .string(let text)): size = text.utf8.count
        case ("JSON", _): size = data.bytes.count
        case ("BINARY", _), ("STRING", _): throw .malformed("Bad Request: data is not a string.")
        default: throw KafkaRefusal(501, 501, "The simulator has no model of record type '\(type)'.")
        }
        return ["type": .string(type), "size": JSON(size)]
    }
}
