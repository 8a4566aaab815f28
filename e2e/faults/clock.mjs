/** Loaded into a server: its clock is off by DRILL_CLOCK milliseconds. Timers go on as they are. */
const offset = Number(process.env.DRILL_CLOCK ?? 0)
const RealDate = globalThis.Date
const now = RealDate.now

RealDate.now = () => now() + offset
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, made) => Reflect.construct(target, given.length > 0 ? given : [target.now()], made),
  apply: (target) => new target(target.now()).toString(),
})
