/** Loaded before the program: it then lives earlier or later than the machine, by the time that the test chose. */
const offsetMs = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const realNow = Date.now;
Date.now = () => realNow() + offsetMs;
