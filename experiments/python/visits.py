#!/usr/bin/env python3
"""What does each visit to L1 cost?  An exit of L2 that L1 has to see takes L2's CPU through L0 to vEL2, through as many traps as L1's
code needs, and back into L2. `firn report` counts traps by themselves; here they are gathered by the exit that they are for.
Usage: visits.py RECORDING. The cells (# %%) can be run one by one in an editor or a notebook."""
# %% A recording
import collections, os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # where firn_trace.py is
from firn_trace import BadRecording, Recording


# %% From an exit of L2 to the entry that brings L2 back, on each vCPU
class Visit:
    def __init__(self, step):
        self.reason, self.begin_ns = step.reason, step.time_ns
        self.traps, self.l0_cost, self.to_l1 = [], 0, False

    def add(self, step):
        self.traps.append(step.reason)
        self.l0_cost += step.l0_cost
        self.to_l1 = self.to_l1 or step.to == "vEL2"
        self.end_ns = step.events[-1].time_ns  # of its entry


def visits(recording):
    """Those that are whole. An exit that L0 settles itself is none, nor is what a mark makes."""
    open_ones = {}
    for step in recording:
        of = step.vm, step.vcpu
        if step.is_mark:
            continue
        if step.from_.startswith("L2"):
            open_ones[of] = Visit(step)
        if of not in open_ones:
            continue  # the recording begins within a visit
        open_ones[of].add(step)
        if step.to.startswith("L2") and (step.to_vm, step.to_vcpu) == of:
            visit = open_ones.pop(of)
            if visit.to_l1:
                yield visit


# %% By the reason of L2's exit: how many, how many traps and instructions of L0 one takes, how long, and which trap is the most frequent
def table(recording):
    by_reason = collections.defaultdict(list)
    for visit in visits(recording):
        by_reason[visit.reason].append(visit)
    yield f"{'visits':>7} {'traps':>7} {'L0 cost':>9} {'ns':>9}  exit of L2, and the trap of L1's that comes most"
    for reason, of in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])):
        inner = collections.Counter(trap for visit in of for trap in visit.traps[1:])
        most = sorted(inner.items(), key=lambda item: (-item[1], item[0]))[:1]
        mean = lambda what: sum(map(what, of)) / len(of)
        yield (f"{len(of):7} {mean(lambda v: len(v.traps)):7.1f} {mean(lambda v: v.l0_cost):9.1f} "
               f"{mean(lambda v: v.end_ns - v.begin_ns):9.1f}  {reason}" + "".join(f", {n / len(of):.1f} {trap}" for trap, n in most))


# %%
if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        with Recording(sys.argv[1]) as recording:
            print("\n".join(table(recording)))
    except (BadRecording, OSError) as error:
        sys.exit(f"visits.py: {error}")
