import Diagnostics
import Foundation
import Manifest
import Testing

@Suite("Templates of init")
struct TemplateTests {
    @Test("every template validates without errors and warnings", arguments: WorkspaceTemplate.allCases)
    func validates(_ template: WorkspaceTemplate) {
        let files = Dictionary(uniqueKeysWithValues: template.files.map { ("w/\($0.path)", $0.text) })
        let result = WorkspaceLoader(files: MemoryFiles(files), version: "1.0.0").load("w")
        #expect(result.loaded != nil)
        #expect(result.diagnostics.filter { $0.severity != .note }.map(\.message) == [])
    }

    @Test("the quickstart template is examples/quickstart")
    func quickstart() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("examples/quickstart")
        for file in WorkspaceTemplate.quickstart.files {
            let text = try String(contentsOf: root.appendingPathComponent(file.path), encoding: .utf8)
            #expect(text == file.text, "\(file.path)")
        }
    }
}
