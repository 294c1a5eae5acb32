#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Looks into suite modules: does every timed loop hold every copy of its op, and nothing else?

For each kb_loop_* and kb_latency_* function of each .ko given, from its disassembly and the marks
that suite.h leaves in sections .debug_kbench and .debug_kbench_end:
  - there are KB_UNROLL + 1 copies of the op, in a kb_latency_* function one, each of at least one
    instruction,
  - no copy makes an indirect call. What the kernel patches when it loads the module (pv_ops) is
    none, and benches flagged KBENCH_BENCH_INDIRECT may,
  - nothing calls the op: it is inlined.
Every bench must have its loops. Exit code 1 and a line per finding when something is wrong.
"""

import argparse
import os
import re
import struct
import subprocess
import sys

from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HEADER = os.path.join(TREE, "kbench", "suite.h")

# struct kbench_bench_desc and struct kbench_suite_desc of kbench/uapi/kbench.h
NAME_LEN = 32
HELP_LEN = 128
FLAGS_OFFSET = NAME_LEN + NAME_LEN + HELP_LEN
NR_PHASES_OFFSET = FLAGS_OFFSET + 5 * 4
BENCH_SIZE_OFFSET = NAME_LEN + HELP_LEN
INDIRECT = 1 << 0

CALL = re.compile(r"^(?:notrack )?(call|jmp|bl|blr|br|b)[a-z]*\s+(.*)$")
JUMP_BACK = re.compile(r"^(?:j|b\.|cb|tb)[a-z]*\s+(?:\w+,\s*)*([0-9a-f]+) <")
# How a call through a pointer looks where the compiler guards it. Return thunks are no calls.
THUNK = "__x86_indirect_thunk_"
# Loops that time many ops at once, and those that time each alone.
KINDS = ("kb_loop_", "kb_latency_")
# What makes the loop, before the jump back.
LOOP_CODE = re.compile(r"^(?:add|inc|sub|cmp)")
LOOP_INSTRUCTIONS = 2


def text(data):
    return data.split(b"\0")[0].decode()


class Bench:
    def __init__(self, suite, data):
        self.name = suite + "/" + text(data[NAME_LEN:2 * NAME_LEN])
        self.flags, = struct.unpack_from("=I", data, FLAGS_OFFSET)
        phases, = struct.unpack_from("=I", data, NR_PHASES_OFFSET)
        # Of each kind: without, and with critical section and think time.
        self.nr_loops = 2 * max(phases, 1)
        self.loops = []


class Module:
    """What an ELF file says of its benches, its loops, and where the copies of ops begin."""

    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            elf = ELFFile(file)
            self.symbols = elf.get_section_by_name(".symtab")
            self.sections = list(elf.iter_sections())
            suite = elf.get_section_by_name(".kbench.suite")
            self.benches = []
            if suite is None:
                return
            self.functions = {
                (s["st_shndx"], s["st_value"]): s for s in self.symbols.iter_symbols()
                if s["st_info"]["type"] == "STT_FUNC" and isinstance(s["st_shndx"], int)}
            self.read_benches(elf, suite.data())
            self.marks = [target for _, target in self.relocations(elf, ".debug_kbench")]
            self.ends = [target for _, target in self.relocations(elf, ".debug_kbench_end")]

    def relocations(self, elf, name):
        """Pairs of an offset in the section and the (section, address) that it refers to."""
        for section in elf.iter_sections():
            if not isinstance(section, RelocationSection):
                continue
            applies_to = elf.get_section(section["sh_info"])
            if applies_to.name != name:
                continue
            data = applies_to.data()
            for entry in section.iter_relocations():
                symbol = self.symbols.get_symbol(entry["r_info_sym"])
                if entry.is_RELA():
                    addend = entry["r_addend"]
                else:
                    addend, = struct.unpack_from("=i", data, entry["r_offset"])
                yield entry["r_offset"], (symbol["st_shndx"], symbol["st_value"] + addend)

    def read_benches(self, elf, suite):
        size, = struct.unpack_from("=I", suite, BENCH_SIZE_OFFSET)
        data = elf.get_section_by_name(".kbench.bench").data()
        self.benches = [Bench(text(suite[:NAME_LEN]), data[at:at + size])
                        for at in range(0, len(data), size)]
        for offset, target in self.relocations(elf, ".kbench.bench"):
            function = self.functions.get(target)
            if function and function.name.startswith(KINDS):
                self.benches[offset // size].loops.append(function)

    def disassemble(self):
        """Instructions by function name: a list of [address, text, symbol referred to]."""
        objdump = os.environ.get("OBJDUMP", "objdump")
        output = subprocess.run([objdump, "-dr", "--no-show-raw-insn", "-j", ".text",
                                 "-j", ".text.unlikely", "-j", ".text.hot", self.path],
                                check=True, capture_output=True, text=True).stdout
        functions = {}
        code = []
        for line in output.splitlines():
            if match := re.match(r"^[0-9a-f]+ <(.*)>:$", line):
                code = functions.setdefault(match[1], [])
            elif match := re.match(r"^\s+([0-9a-f]+):\t([^\t]+)$", line):
                # What follows # or // is the disassembler's comment.
                code.append([int(match[1], 16), re.split(r"\s+(?:#|//)", match[2])[0].strip(), ""])
            elif match := re.match(r"^\s+[0-9a-f]+: R_\S+\s+(\S+)$", line):
                code[-1][2] = match[1]
        return functions


def is_indirect(instruction, symbol):
    match = CALL.match(instruction)
    if not match:
        return False
    mnemonic, operand = match.groups()
    if symbol.startswith(THUNK) or THUNK in operand:
        return True
    if mnemonic in ("blr", "br"):
        return True
    return operand.startswith("*") and not symbol.startswith("pv_ops")


def calls_op(instruction, symbol):
    if not CALL.match(instruction):
        return False
    return re.search(r"\bkb_(op|body)_", symbol + " " + instruction) is not None


def check_code(code, may_be_indirect):
    """A line per kind of finding, naming the first."""
    tests = [("makes the op by a call", calls_op)]
    if not may_be_indirect:
        tests.append(("makes an indirect call", is_indirect))
    for what, test in tests:
        found = [line for line in code if test(line[1], line[2])]
        if found:
            address, instruction, symbol = found[0]
            yield (f"{what} in {len(found)} places, the first at {address:#x}: "
                   f"{instruction} {symbol}".rstrip())


def back_edge(code, after, target):
    """Address of the first jump at or after one address back to another or to before it."""
    for address, instruction, _ in code:
        match = JUMP_BACK.match(instruction)
        if address >= after and match and code[0][0] <= int(match[1], 16) <= target:
            return address
    return None


def check_copies(code, marks, copies):
    """Copies are told apart by their begins; the last one of either loop by the jump back."""
    unrolled = copies - 1
    ends = marks[1:] + [None]
    ends[unrolled - 1] = back_edge(code, marks[unrolled - 1], marks[0])
    ends[unrolled] = back_edge(code, marks[unrolled], marks[unrolled])
    empty = []
    for number, (begin, end) in enumerate(zip(marks, ends), 1):
        if end is None:
            yield f"no jump back after copy {number}"
            continue
        copy = [instruction for address, instruction, _ in code if begin <= address < end]
        if number >= unrolled and len(copy) <= LOOP_INSTRUCTIONS:
            copy = [instruction for instruction in copy if not LOOP_CODE.match(instruction)]
        if not copy:
            empty.append(str(number))
    if empty:
        yield f"no instruction in copy {', '.join(empty)} of the op"


def check_single(marks, ends):
    """The one copy of a loop that times each op alone lies between its two marks."""
    if len(ends) != 1:
        yield f"{len(ends)} ends of the op where 1 should be"
    elif marks == ends:
        yield "no instruction in the op that is timed alone"


def inside(marks, loop):
    first, size = loop["st_value"], loop["st_size"]
    return sorted(address for section, address in marks
                  if section == loop["st_shndx"] and first <= address < first + size)


def check_loop(module, functions, bench, loop, copies, may_be_empty):
    code = functions.get(loop.name)
    if not code:
        yield "has no code"
        return
    marks = inside(module.marks, loop)
    if loop.name.startswith("kb_latency_"):
        copies = 1
    if len(marks) != copies:
        yield f"{len(marks)} copies of the op where {copies} should be"
    elif not may_be_empty and copies > 1:
        yield from check_copies(code, marks, copies)
    elif not may_be_empty:
        yield from check_single(marks, inside(module.ends, loop))
    yield from check_code(code + functions.get(loop.name + ".cold", []), bench.flags & INDIRECT)


def check_module(module, copies, empty):
    functions = module.disassemble()
    for name in functions:
        if re.match(r"kb_(op|body)_", name):
            yield f"{name}: not inlined"
    for bench in module.benches:
        for kind in KINDS:
            found = sum(loop.name.startswith(kind) for loop in bench.loops)
            if found != bench.nr_loops:
                yield f"{bench.name}: {found} loops {kind}* where {bench.nr_loops} should be"
        for loop in bench.loops:
            may_be_empty = bench.name in empty and not loop.name.startswith("kb_loop_work_")
            for finding in check_loop(module, functions, bench, loop, copies, may_be_empty):
                yield f"{bench.name}: {loop.name}: {finding}"


def unroll():
    with open(HEADER, encoding="utf-8") as file:
        return int(re.search(r"^#define\s+KB_UNROLL\s+(\d+)", file.read(), re.MULTILINE)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--empty", action="append", default=["selfcheck/empty"],
                        metavar="SUITE/BENCH", help="a bench whose op is empty by design")
    parser.add_argument("modules", nargs="+", metavar="MODULE.ko")
    options = parser.parse_args()

    nr_benches = nr_loops = nr_findings = 0
    for path in options.modules:
        module = Module(path)
        nr_benches += len(module.benches)
        nr_loops += sum(len(bench.loops) for bench in module.benches)
        for finding in check_module(module, unroll() + 1, options.empty):
            print(f"{os.path.basename(path)}: {finding}")
            nr_findings += 1
    print(f"{nr_benches} benches, {nr_loops} loops, {nr_findings} findings")
    if not nr_loops:
        print("no timed loop in these modules")
    return 1 if nr_findings or not nr_loops else 0


if __name__ == "__main__":
    sys.exit(main())
