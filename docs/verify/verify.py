#!/usr/bin/env python3
"""Checks an export of a TextOps history (textops audit export) with nothing but Python 3.8 or newer:

    python3 verify.py EXPORT.jsonl [SEALS.LOG]

SEALS.LOG holds published seals, "NUMBER HASH [TIME KEY SIGNATURE]" a line, as you kept them when they were published.
Without it, all that is shown is what the holder of the printed keys has signed. FORMAT.md says what each line means.
Exit code 0: it holds. 1: it does not, and one sentence says where."""
import hashlib, json, sys

GENESIS = "0" * 64
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519, RFC 8032
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)

def need(holds, words):
    if not holds:
        raise ValueError(words)
def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()
def canonical(value):  # RFC 8785 for whole numbers: keys by UTF-16 code unit, no white space
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)

def point(data):
    y, odd = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    need((x * x - square) % P == 0, "a key or a signature is none")
    x = x if x & 1 == odd else P - x
    return x, y, 1, x * y % P
def add(one, two):
    a, b = (one[1] - one[0]) * (two[1] - two[0]), (one[1] + one[0]) * (two[1] + two[0])
    c, d = 2 * one[3] * two[3] * D, 2 * one[2] * two[2]
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P
def times(number, base):
    total = 0, 1, 1, 0
    while number:
        total, base, number = add(total, base) if number & 1 else total, add(base, base), number >> 1
    return total
def verifies(key, text, signature):
    key, r, s = bytes.fromhex(key), bytes.fromhex(signature[:64]), bytes.fromhex(signature[64:])
    s, k = int.from_bytes(s, "little"), hashlib.sha512(r + key + text.encode()).digest()
    left = times(s, point((4 * pow(5, -1, P) % P).to_bytes(32, "little")))
    right = add(point(r), times(int.from_bytes(k, "little") % L, point(key)))
    return s < L and all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))

class History:
    def __init__(self, head, published):
        need(head["kind"] == "history" and head["format"] == 1, "this is no export that I can read")
        self.whole, self.published = head["complete"], {int(line[0]): line[1] for line in published}
        self.keys, self.signers = {line[3] for line in published if len(line) > 3}, set()
        self.newest, self.seals, self.sealed, self.wanted, self.ends = (0, GENESIS), 0, {}, {}, {}
    def seal(self, line):
        hash, signature, covers, previous = (line.pop(k) for k in ("hash", "signature", "covers", "previous"))
        number, what = line["number"], "seal %d " % line["number"]
        first = self.newest[0] == 0 and not self.whole  # a part of a history begins with any seal
        need(first or (number - 1, previous) == self.newest, what + "does not follow on the one before")
        need(sha256(canonical(covers)) == line["heads"], what + "names other events than it did")
        need(sha256(previous + "\n" + canonical({"kind": "seal", **line})) == hash, what + "was changed")
        need(verifies(line["key"], hash, signature), what + "has a signature that does not fit")
        need(not self.keys or line["key"] in self.keys, what + "is signed with a key that nobody vouches for")
        need(self.published.get(number, hash) == hash, what + "is not the one that was published")
        self.newest, self.seals, self.signers = (number, hash), self.seals + 1, self.signers | {line["key"]}
        self.wanted.update({(chain, seq): hash for chain, seq, hash in covers})
        self.sealed.update({chain: seq for chain, seq, _ in covers})
    def event(self, line):
        hash, chain, seq = line.pop("hash"), line["chain"], line["seq"]
        last, previous = self.ends.get(chain, (0, GENESIS))
        need(seq == last + 1, "%s: event %d is missing" % (chain, last + 1))
        need(sha256(previous + "\n" + canonical(line)) == hash, "%s: event %d was changed" % (chain, seq))
        need(self.wanted.pop((chain, seq), hash) == hash, "%s: event %d is not the sealed one" % (chain, seq))
        self.ends[chain] = seq, hash
    def end(self, line):
        for chain, seq in self.wanted:
            need(chain not in self.ends and not self.whole, "%s: sealed event %d is missing" % (chain, seq))
        need(max(self.published, default=0) <= self.newest[0], "it ends before a seal that was published")
        count = sum(seq for seq, _ in self.ends.values())
        need((line["events"], line["seals"]) == (count, self.seals), "the export has lost some of its lines")
        late = sum(max(0, seq - self.sealed.get(chain, 0)) for chain, (seq, _) in self.ends.items())
        print("ok: %s, %d events in %d chains, %d of them not sealed, newest seal %d" % (
            "a whole history" if self.whole else "a part of a history", count, len(self.ends), late, self.newest[0]))
        print("signed by %s%s" % (" ".join(self.signers) or "nobody", "" if self.keys else ": does anybody vouch for it?"))

if __name__ == "__main__":
    try:
        log = [line.split() for path in sys.argv[2:3] for line in open(path, encoding="utf-8") if line.strip()]
        lines = map(json.loads, open(sys.argv[1], encoding="utf-8"))
        history, kind = History(next(lines), log), ""
        for line in lines:
            kind = line.pop("kind")
            {"seal": history.seal, "event": history.event, "end": history.end, "key": id}[kind](line)
        need(kind == "end", "the export is cut off")
    except (ValueError, KeyError, TypeError, OSError, StopIteration) as error:
        sys.exit("broken: %s" % (error or "this is no export"))
