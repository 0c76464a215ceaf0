"""One line on the terminal that says how far a long run is."""
import sys
import time


class Progress:
    def __init__(self, what, total):
        self.what, self.total, self.begin, self.shown = what, total, time.monotonic(), 0.0
        self.live = sys.stderr.isatty()

    def at(self, count):
        now = time.monotonic()
        if now - self.shown < (0.2 if self.live else 10) and count < self.total:
            return
        self.shown = now
        rate = count / max(now - self.begin, 0.001)
        left = (self.total - count) / max(rate, 0.001)
        bar = "#" * (30 * count // max(self.total, 1))
        text = f"[{bar:<30}] {count:,} of {self.total:,} {self.what}, {rate:,.0f}/s, {left:.0f} s left"
        print(("\r" if self.live else "") + text, end="" if self.live else "\n", file=sys.stderr, flush=True)

    def say(self, text):
        print(("\r\x1b[K" if self.live else "") + text, file=sys.stderr, flush=True)

    def end(self):
        if self.live:
            print(file=sys.stderr)
