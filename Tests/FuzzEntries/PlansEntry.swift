#if DEBUG
    import Foundation
    import Planning
    import Rendering

    @testable import Session

    /// A plan document. One that can be read is sealed, read again and shown; changed in any byte it is refused.
    enum PlansEntry {
        static func check(_ bytes: [UInt8]) throws {
            let data = Data(bytes)
            if let saved = try? SavedPlan(reading: data, at: "plan.json") {
                try require(SavedPlan.sealed(saved.plan).utf8.count > 0, "a saved plan cannot be written")
            }
            guard let plan = try? PlanDocument.decode(String(decoding: bytes, as: UTF8.self)) else { return }
            try checkShown(plan)
            let sealed = Data(SavedPlan.sealed(plan).utf8)
            let read: Plan
            do {
                read = try SavedPlan(reading: sealed, at: "plan.json").plan
            } catch {
                throw Broken("a plan that was just sealed is refused: \(error)")
            }
            try require(
                PlanDocument.encode(read) == PlanDocument.encode(plan), "a plan that was sealed is read as another one")
            try refuse(sealed, changedAsIn: bytes)
        }

        /// Shows a plan in every form.
        static func checkShown(_ plan: Plan) throws {
            let document = PlanDocument.encode(plan)
            let again = PlanDocument.encode(try PlanDocument.decode(document))
            try require(again == document, "a plan that was written is read as another one")
            _ = PlanText().render(plan)
            _ = PlanText(expand: true).render(plan)
            _ = PlanMarkdown.render(plan)
        }

        /// Changes some bytes, which ones being told by the input: replaced, left out and put in.
        private static func refuse(_ sealed: Data, changedAsIn bytes: [UInt8]) throws {
            for seed in bytes.suffix(8).enumerated() {
                let at = (Int(seed.element) &* 7919 &+ seed.offset &* 104_729 &+ bytes.count) % sealed.count
                try refuse(sealed, changedAt: at, to: seed.element)
            }
        }

        static func isAccepted(_ bytes: some Sequence<UInt8>) -> Bool {
            (try? SavedPlan(reading: Data(bytes), at: "plan.json")) != nil
        }

        /// Changes one byte in each way.
        private static func refuse(_ sealed: Data, changedAt index: Int, to byte: UInt8) throws {
            let place = sealed.startIndex + index
            var (replaced, shorter, longer) = (sealed, sealed, sealed)
            replaced[place] = byte == sealed[place] ? ~byte : byte
            shorter.remove(at: place)
            longer.insert(byte, at: place)
            for changed in [replaced, shorter, longer] where changed != sealed {
                try require(!isAccepted(changed), "a plan is accepted that was changed at byte \(index) (\(byte))")
            }
        }
    }
#endif
