"""What happened, according to a recording?  Reads what `firn record` wrote (trace.dat, version 6; traces/format.h), with nothing but the
standard library:

    from firn_trace import Recording
    with Recording("trace.dat") as recording:
        for step in recording:              # one for each trap and mark, in the order of `firn report --export csv`
            print(step.number, step.reason, step.function, step.l0_cost)
            for event in step.events:       # what L0 told on the way
                print(event.name, event.fields)

Descriptions of events are the file's own, so that recordings of other versions of firn are read as far as they have what is asked for.
Next: visits.py, a question asked with it."""
import bisect, functools, heapq, mmap, operator, os, re, stat, struct
from typing import NamedTuple, Optional

MAGIC = b"\x17\x08\x44tracing"
SYSTEM = "firn"
CPUS_MAX, PAGE_HEADER, COMMIT_SIZE = 64, 16, 0xfffff
OPTION_DONE, OPTION_UNAME = 0, 5
TYPE_DATA_MAX, TYPE_TIME_EXTEND, TYPE_TIME_STAMP, DELTA_BITS = 28, 30, 31, 27  # of Linux's ring buffer
TRAILER, TRAILER_MAGIC, HAS_TRAILER, CODE_BYTES = struct.Struct("<8Q"), 0x31444e454e524946, b"sums=1", 8 + 4096
COMMON_BYTES = 8
LET_GO = 4 << 20  # bytes behind the reader that are given back at once
FUNCTION_MAX = 0x10000  # an address further behind a symbol is not in its function
LEVELS = ("vEL2", "L1 EL1", "L1 EL0", "L2 EL1", "L2 EL0", "L0")
CAUSES = ("unknown", "architecture", "L0", "L1")
WORKLOAD_MARKS = 3


class BadRecording(Exception):
    """A file that is cut, damaged, of another version, or no recording. Says the file, the offset, and what is wrong there."""

    def __init__(self, name, offset, error):
        super().__init__(f"{name}: offset {offset}: {error}")
        self.offset = offset


class Event:
    """What L0 told once. fields has them by name, as traces/events.h (or `trace-cmd report -F`) does; NAME fields are texts."""
    __slots__ = ("time_ns", "cpu", "_kind", "_pid", "_page", "_at", "_strings")

    def __init__(self, time_ns, cpu, kind, pid, page, at, strings):
        self.time_ns, self.cpu, self._kind, self._pid, self._page, self._at, self._strings = time_ns, cpu, kind, pid, page, at, strings

    @property
    def vm(self):
        return (self._pid - 1) // 8 // 64  # traces/format.h: trace_pid

    @property
    def vcpu(self):
        return (self._pid - 1) // 8 % 64

    @property
    def name(self):
        return self._kind.name

    @property
    def fields(self):
        values = dict(zip(self._kind.names, self._kind.unpack(self._page, self._at)))
        for name in self._kind.texts:
            values[name] = self._strings.get(values[name], "")
        return values

    def __repr__(self):
        return f"Event({self.name}, time_ns={self.time_ns}, {self.fields})"


class Step(NamedTuple):
    """What a CPU did from an exit to its next entry. The columns of the CSV, numbers as such, and the events on the way."""
    number: int
    time_ns: int
    vm: int
    vcpu: int
    from_: str  # the CSV's "from", a word of Python's
    reason: str
    cause: str
    control: str
    pc: int
    function: str
    esr_el2: int
    value: Optional[int]  # of an emulated access to a register
    l0_cost: int
    to: str  # "" where the entry is missing
    marks: int
    to_vm: int
    to_vcpu: int
    events: tuple

    @property
    def is_mark(self):
        return self.reason == "MARK"

    @property
    def stretch(self):
        """0 before the workload's first mark, 1 and 2 between its marks, 3 behind the last. What a kind of trap costs is the difference
        of stretches 2 and 1 by Recording.operations. Marks are in none: 0."""
        return 0 if self.is_mark else min(self.marks, WORKLOAD_MARKS)


COLUMNS = tuple(name.rstrip("_") for name in Step._fields[:-1])  # of the CSV


def _name_of(names, number, other):
    return names[number] if number < len(names) else other


class _Kind:
    """How the records of one type are laid out, by the file's description. fields: (offset, size, is signed, is a text, name)."""
    __slots__ = ("name", "bytes", "names", "texts", "unpack")

    def __init__(self, name, fields):
        fields, layout, at = sorted(fields), "<", 0
        for offset, size, is_signed, _, _ in fields:
            if offset < at:
                raise ValueError("fields lie upon each other")
            letter = {1: "b", 2: "h", 4: "i", 8: "q"}[size]
            layout += f"{offset - at}x{letter if is_signed else letter.upper()}"
            at = offset + size
        reader = struct.Struct(layout)
        self.name, self.bytes, self.unpack = name, reader.size, reader.unpack_from
        self.names, self.texts = [f[4] for f in fields], [f[4] for f in fields if f[3]]

    def picker(self, *names):
        """(page, at) to a tuple of these fields. KeyError: the file does not have one of them."""
        missing = set(names) - set(self.names)
        if missing:
            raise KeyError(min(missing))
        unpack, pick = self.unpack, operator.itemgetter(*(self.names.index(name) for name in names))
        return lambda page, at: pick(unpack(page, at))


class _Reader:
    """A place that moves through the file and stops at the first thing that is wrong."""

    def __init__(self, name, data, at=0):
        self.name, self.data, self.at = name, data, at

    def fail(self, error, at=None):
        raise BadRecording(self.name, self.at if at is None else at, error)

    def take(self, layout):
        try:
            values = struct.unpack_from("<" + layout, self.data, self.at)
        except struct.error:
            self.fail("the file ends here")
        self.at += struct.calcsize("<" + layout)
        return values if len(values) > 1 else values[0]

    def piece(self, layout):
        """Bytes behind their number."""
        length = self.take(layout)
        if length > len(self.data) - self.at:
            self.fail("a section is longer than the file")
        self.at += length
        return self.data[self.at - length:self.at]

    def string(self):
        end = self.data.find(b"\0", self.at)
        if end < 0:
            self.fail("a string has no end")
        text = self.data[self.at:end].decode(errors="replace")
        self.at = end + 1
        return text

    def expect(self, words, error):
        if self.data[self.at:self.at + len(words)] != words:
            self.fail(error)
        self.at += len(words)


def trace_sum(data, at, length):
    """The checksum of traces/format.h, of whole 8 bytes."""
    total = 0
    for word in memoryview(data[at:at + length // 8 * 8]).cast("Q"):
        total = (total ^ word) * 0x9e3779b97f4a7c15 & 0xffffffffffffffff
        total ^= total >> 32
    return total


FIELD = re.compile(r"\tfield:([^;]*?)(\w+);\s*offset:(\d+);\s*size:([1248]);\s*signed:([01]);")
EVENT = re.compile(r"name: (\w+)\nID: (\d+)\nformat:\n(.*?)\nprint fmt:", re.DOTALL)


class Recording:
    """A recording, open for any number of passes. check: checksums are looked at, as far as the file has them; without it a damaged page
    may give wrong steps, and a file that `trace-cmd convert` wrote, which drops them, can be read."""

    def __init__(self, name, check=True):
        self.name, self._check, self._functions = os.fspath(name), check, {}
        with open(name, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise BadRecording(self.name, 0, "it is not a file")
            if not os.fstat(file.fileno()).st_size:
                raise BadRecording(self.name, 0, "the file is empty")
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._read_head(_Reader(self.name, self._data))
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._data.close()

    # --- the head -----------------------------------------------------------------------------------------------------------

    def _read_head(self, r):
        self._read_beginning(r)
        self._kinds = {}
        for _ in range(r.take("I")):
            r.piece("Q")  # Linux's own events
        for _ in range(r.take("I")):
            system = r.string()
            for _ in range(r.take("I")):
                at, text = r.at, r.piece("Q")
                if system == SYSTEM:
                    self._add_kind(r, at, text.decode(errors="replace"))
        if not self._kinds:
            r.fail("there is none of firn's events in it; was it recorded by something else?")
        self._exit, self._entry, self._access = self._pickers(r)
        self._symbol_text, strings, _ = r.piece("I"), r.piece("I"), r.piece("Q")
        self._strings = {int(value, 16): text for value, text in
                         re.findall(r'^(0x[0-9a-f]+) : "(.*)"$', strings.decode(errors="replace"), re.MULTILINE)}
        cpus = r.take("I")
        if not 0 < cpus <= CPUS_MAX:
            r.fail("the number of CPUs is not possible")
        about = self._read_options(r)
        r.expect(b"flyrecord\0", "there is no section flyrecord")
        self._cpus = [self._read_cpu(r) for _ in range(cpus)]
        self.about = dict(word.split("=", 1) for word in about.decode(errors="replace").rstrip("\0").split() if "=" in word)
        self._sums = 0
        if self._check and (HAS_TRAILER in about or self._data[-8:] == struct.pack("<Q", TRAILER_MAGIC)):
            self._read_trailer(r)

    def _read_beginning(self, r):
        r.expect(MAGIC, "this is not a trace.dat file")
        version = r.string()
        if version != "6":
            r.fail("this is a trace.dat file of version 7; trace-cmd convert --file-version 6 makes one that can be read" if version == "7"
                   else "this trace.dat file is not of version 6")
        if r.take("BB") != (0, 8):
            r.fail("this file is from a big-endian or a 32-bit machine")
        self._page_bytes = r.take("I")
        if not 256 <= self._page_bytes <= 65536 or self._page_bytes % 8:
            r.fail("the size of a page is not possible")
        for section in b"header_page\0", b"header_event\0":
            r.expect(section, f"there is no section {section[:-1].decode()}")
            r.piece("Q")

    def _add_kind(self, r, at, text):
        described = EVENT.match(text)
        fields = [(int(offset), int(size), int(is_signed), "char *" in kind, field)
                  for kind, field, offset, size, is_signed in FIELD.findall(described[3] if described else "")]
        try:
            self._kinds[int(described[2])] = _Kind(described[1], [f for f in fields if f[0] >= COMMON_BYTES])
        except (TypeError, ValueError):
            r.fail("the description of an event cannot be read", at)

    def _pickers(self, r):
        """What a step needs of its events."""
        wanted = {"kvm_exit": ("is_mark", "level", "reason", "cause", "control", "vcpu_pc", "from_vel2", "esr_el2"),
                  "kvm_entry": ("level", "cost"), "kvm_sys_access": ("value", "is_write")}
        kinds = {kind.name: kind for kind in self._kinds.values()}
        for name, fields in wanted.items():
            try:
                yield kinds[name].picker(*fields)
            except KeyError as e:
                r.fail(f"{name} is not described, or without what a step needs of it ({e.args[0]})")

    def _read_options(self, r):
        about = b""
        if self._data[r.at:r.at + 10] != b"options  \0":
            return about
        r.at += 10
        while True:
            option = r.take("H")
            if option == OPTION_DONE:
                return about
            text = r.piece("I")
            if option == OPTION_UNAME:
                about = text

    def _read_cpu(self, r):
        at, length = r.take("QQ")
        if length and at < r.at:
            r.fail("a CPU's data begin before the file's head ends")
        if length and at + length > len(self._data):
            r.fail("the file is cut short", len(self._data))
        return at, length

    def _read_trailer(self, r):
        """traces/dat.c: read_trailer."""
        end, size = len(self._data), self._page_bytes
        used = [(at, length) for at, length in self._cpus if length]
        first, last = min((at for at, _ in used), default=end), max((at + length for at, length in used), default=0)
        if end < TRAILER.size:
            r.fail("the checksums at the file's end are damaged or missing", end)
        code, codes, sums, pages, head_sum, tables_sum, own_sum, magic = TRAILER.unpack_from(self._data, end - TRAILER.size)
        last = last or code  # nothing was recorded
        if (magic != TRAILER_MAGIC or own_sum != trace_sum(self._data, end - TRAILER.size, TRAILER.size - 16) or size != 4096
                or code != last or sums != code + codes * CODE_BYTES or sums + 8 * pages != end - TRAILER.size
                or pages != sum(length // size for _, length in self._cpus)
                or tables_sum != trace_sum(self._data, code, end - TRAILER.size - code)):
            r.fail("the checksums at the file's end are damaged or missing", end)
        if used and head_sum != trace_sum(self._data, 0, first):
            r.fail("the file's head is not what its checksum says", 0)
        self._sums = sums

    # --- what the head says -----------------------------------------------------------------------------------------------------

    @property
    def operations(self):
        """How many more of them are in stretch 2 than in stretch 1 (Step.stretch); None if this is no workload's recording."""
        words = re.fullmatch(r"(\d+),(\d+)", self.about.get("iterations", ""))
        return int(words[2]) - int(words[1]) if words and int(words[1]) < int(words[2]) else None

    @functools.cached_property
    def _symbols(self):
        """Addresses in order, and their names: of several the first in the alphabet without an underscore in front, if there is one."""
        found = {}
        for address, name in re.findall(rb"^([0-9a-f]+) \S (\S+)", self._symbol_text, re.MULTILINE):
            at, order = int(address, 16), (name.startswith(b"_"), name)
            found[at] = min(found.get(at, order), order)
        addresses = sorted(found)
        return addresses, [found[at][1].decode(errors="replace") for at in addresses]

    def function(self, address):
        """Of L1, at the address: "function+0x12"; the address in hexadecimal where no symbol is near enough before it."""
        name = self._functions.get(address)
        if name is None:
            name = self._functions[address] = self._find_function(address)
        return name

    def _find_function(self, address):
        addresses, names = self._symbols
        i = bisect.bisect_right(addresses, address) - 1
        if i < 0 or address - addresses[i] > FUNCTION_MAX:
            return f"0x{address:x}"
        return names[i] + (f"+0x{address - addresses[i]:x}" if address != addresses[i] else "")

    # --- events --------------------------------------------------------------------------------------------------------------------

    def _fail(self, at, error):
        raise BadRecording(self.name, at, error)

    def _pages(self, cpu):
        """Offset and bytes of each, with how much of it is in use."""
        start, length = self._cpus[cpu]
        index = sum(length // self._page_bytes for _, length in self._cpus[:cpu])
        for at in range(start, start + length, self._page_bytes):
            page = self._data[at:min(at + self._page_bytes, start + length)]
            if self._sums and trace_sum(page, 0, len(page)) != struct.unpack_from("<Q", self._data, self._sums + 8 * index)[0]:
                self._fail(at, "a page is not what its checksum says")
            if len(page) < PAGE_HEADER:
                self._fail(at, "a page is cut short")
            used = struct.unpack_from("<Q", page, 8)[0] & COMMIT_SIZE
            if not used:
                self._fail(at + 8, "a page has no events")
            if used > len(page) - PAGE_HEADER:
                self._fail(at + 8, "a page says that it is longer than a page")
            yield at, page, PAGE_HEADER + used
            index += 1
            if at % LET_GO == 0:
                self._data.madvise(mmap.MADV_DONTNEED, max(at - LET_GO, 0), LET_GO)

    def _records(self, cpu):
        """(time, CPU, kind, pid, page, where in it the record is) of one CPU, in order."""
        word, whole = struct.Struct("<I").unpack_from, struct.Struct("<Q").unpack_from
        common = struct.Struct("<Hxxi").unpack_from
        for offset, page, end in self._pages(cpu):
            time, at = whole(page, 0)[0], PAGE_HEADER
            while end - at >= 4:
                header = word(page, at)[0]
                kind, delta = header & 31, header >> 5
                if kind > TYPE_DATA_MAX:
                    if end - at < 8:
                        break  # the last padding of a page has no length
                    more = word(page, at + 4)[0]
                    if kind == TYPE_TIME_EXTEND:
                        time, at = time + (more << DELTA_BITS) + delta, at + 8
                    elif kind == TYPE_TIME_STAMP:
                        time, at = (more << DELTA_BITS) + delta, at + 8
                    else:
                        time, at = time + delta, at + 4 + (more + 3 & ~3) if delta else end
                    continue
                time, begin, length = time + delta, at + 4, kind * 4
                if not kind:
                    if end - begin < 4 or word(page, begin)[0] < 4:
                        self._fail(offset + at, "a record has an impossible length")
                    length, begin = word(page, begin)[0] - 4 + 3 & ~3, begin + 4
                if length > end - begin:
                    self._fail(offset + at, "a record ends behind its page")
                at = begin + length
                if length >= COMMON_BYTES:
                    number, pid = common(page, begin)
                    of = self._kinds.get(number)
                    if of:  # else an event of somebody else
                        if of.bytes > length:
                            self._fail(offset + begin, "a record is shorter than its description")
                        yield time, cpu, of, pid, page, begin

    def events(self):
        """Every event, in the order of time; of equal times the lower CPU's is first."""
        strings = self._strings
        streams = [self._records(cpu) for cpu in range(len(self._cpus))]
        for record in heapq.merge(*streams, key=lambda r: r[0]) if len(streams) > 1 else streams[0]:
            yield Event(*record, strings)

    # --- steps ---------------------------------------------------------------------------------------------------------------------

    def __iter__(self):
        """The steps, in the order in which they end (experiments/firn/trace/steps.c). An exit without an entry, at the end or where
        events are missing, is one as well."""
        pending, number, marks = {}, 0, 0  # by CPU: the events since its exit, and the marks then
        for event in self.events():
            name, cpu = event._kind.name, event.cpu
            if name == "kvm_exit":
                if cpu in pending:
                    yield self._step(number, *pending.pop(cpu))
                    number += 1
                marks += self._exit(event._page, event._at)[0] and event.vm == 0  # other VMs run the same
                pending[cpu] = [event], marks
            elif cpu in pending:
                pending[cpu][0].append(event)
                if name == "kvm_entry":
                    yield self._step(number, *pending.pop(cpu))
                    number += 1
        for cpu in sorted(pending):
            yield self._step(number, *pending[cpu])
            number += 1

    def _step(self, number, events, marks):
        begin, end, strings, value = events[0], events[-1], self._strings, None
        _, level, reason, cause, control, pc, from_vel2, esr = self._exit(begin._page, begin._at)
        for event in events:
            if event._kind.name == "kvm_sys_access" and (event.vm, event.vcpu) == (begin.vm, begin.vcpu):
                value = self._access(event._page, event._at)[0]
        cost, to, to_vm, to_vcpu = 0, "", 0, 0
        if end._kind.name == "kvm_entry":
            to, cost = self._entry(end._page, end._at)
            to, to_vm, to_vcpu = _name_of(LEVELS, to, "?"), end.vm, end.vcpu
        return Step(number, begin.time_ns, begin.vm, begin.vcpu, _name_of(LEVELS, level, "?"), strings.get(reason, ""),
                    _name_of(CAUSES, cause, CAUSES[0]), strings.get(control, ""), pc, self.function(pc) if from_vel2 else "", esr,
                    value, cost, to, marks, to_vm, to_vcpu, tuple(events))
