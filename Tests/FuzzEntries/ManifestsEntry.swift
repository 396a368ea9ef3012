#if DEBUG
    import Diagnostics
    import Domain
    import Foundation
    import Manifest
    import Planning
    import Rendering

    /// A workspace of three files with a file separator (U+001C) between them: `spillway.yaml`, `one.yaml` and `two.yaml`.
    ///
    /// Whatever is found is written in every form. A workspace that is valid can be written and read again, and planned
    /// for while nobody answers; that plan can be shown, saved and read again.
    enum ManifestsEntry {
        static func check(_ bytes: [UInt8]) throws {
            var files = MemoryFiles()
            let parts = bytes.split(separator: 0x1C, maxSplits: 2, omittingEmptySubsequences: false)
            for (name, part) in zip(["spillway.yaml", "one.yaml", "two.yaml"], parts) {
                files.set("w/\(name)", to: Array(part))
            }
            let result = WorkspaceLoader(files: files, version: "1.0.0").load("w")
            let text = DiagnosticText(files: result.files).render(result.diagnostics)
            try require(text.isEmpty == result.diagnostics.isEmpty, "a finding is not told")
            _ = DiagnosticGitHub.render(result.diagnostics)
            _ = DiagnosticJSON.render(result.diagnostics, files: result.files)
            guard let workspace = result.loaded?.workspace else {
                try require(!result.diagnostics.isEmpty, "nothing is loaded, and nobody is told why")
                return
            }
            let copy = try JSONDecoder().decode(Workspace.self, from: JSONEncoder().encode(workspace))
            try require(copy == workspace, "a workspace that was written is read as another one")
            try PlansEntry.checkShown(plan(of: workspace))
        }

        private static func plan(of workspace: Workspace) -> Plan {
            Planner.plan(
                PlanInput(
                    workspace: workspace, observation: Observation(startedAt: Timestamp(milliseconds: 0)),
                    recorded: Recorded(), toolVersion: "1.0.0"))
        }
    }
#endif
