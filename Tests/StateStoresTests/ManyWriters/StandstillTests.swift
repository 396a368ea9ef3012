import Testing

@Suite("Machines that stand still")
struct StandstillTests {
    @Test("all calls of the last machine go on when nobody else moves")
    func lastMachine() async {
        let standstill = Standstill(machines: [0, 1])
        async let short: Void = standstill.standStill(0, forCalls: 50)
        async let long: Void = standstill.standStill(0, forCalls: 80)
        while await standstill.waitingCalls < 2 { await Task.yield() }
        await standstill.leave(1)
        #expect(await standstill.waitingCalls == 0)
        await standstill.leave(0)
        _ = await (short, long)
    }

    @Test("a machine goes on when the others have made as many calls")
    func others() async {
        let standstill = Standstill(machines: [0, 1])
        async let still: Void = standstill.standStill(0, forCalls: 2)
        while await standstill.waitingCalls < 1 { await Task.yield() }
        await standstill.noteCall()
        #expect(await standstill.waitingCalls == 1)
        await standstill.noteCall()
        #expect(await standstill.waitingCalls == 0)
        await still
    }
}
