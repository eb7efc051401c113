/**
 * Loaded before the program: it then lives earlier or later than the machine, by the time that the test chose, and SIGUSR2
 * makes all its clocks jump ahead. Timers go on as they were.
 */
let offsetMs = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const realNow = Date.now;
const realClock = performance.now.bind(performance);
Date.now = () => realNow() + offsetMs;
performance.now = () => realClock() + offsetMs;

process.on('SIGUSR2', () => {
  offsetMs += Number(process.env.CLOCK_JUMP_MS ?? 0);
});
