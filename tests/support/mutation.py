# SPDX-License-Identifier: MIT
"""Builds mutants of src/, runs the unit tests on them, and reports those that survive.

    python3 tests/support/mutation.py TREE [--sample N] [--seed S] [--minutes M] [--jobs J] [FILE...]

TREE is a build by CMake's makefiles with compile_commands.json; see tests/mutation.sh. A mutant
whose object code is the same as the original's is no mutant, nor is one that does not compile.
"""
import argparse
import concurrent.futures
import glob
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import threading
import time

ROOT = os.getcwd()

# What to look for in a line of code, and what to put there instead.
OPERATORS = [
    (r"==", "!="), (r"!=", "=="), (r"<=", "<"), (r">=", ">"),
    (r"(?<![<>-])<(?![<=])", "<="), (r"(?<![<>-])>(?![>=])", ">="),
    (r"&&", "||"), (r"\|\|", "&&"),
    (r"(?<=[\w)\]] )\+(?= )", "-"), (r"(?<=[\w)\]] )-(?= )", "+"),
    (r"(?<=[\w)\]] )\*(?= )", "+"), (r"(?<=[\w)\]] )/(?= )", "*"), (r"(?<=[\w)\]] )%(?= )", "/"),
    (r"<<(?!=)", ">>"), (r">>(?!=)", "<<"),
    (r"(?<=[\w)\]] )&(?= )", "|"), (r"(?<=[\w)\]] )\|(?= )", "&"), (r"(?<=[\w)\]] )\^(?= )", "|"),
    (r"\+\+", "--"), (r"--", "++"), (r"\+=", "-="), (r"-=", "+="), (r"\|=", "&="), (r"&=(?!=)", "|="),
    (r"(?<![\w)])!(?!=)", ""), (r"~", ""),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r"\bbreak;", ";"), (r"\bcontinue;", ";"),
]
NUMBER = re.compile(r"(?<![\w.])(0x[0-9a-fA-F]+|\d+)(?![\w.])")
STATEMENT = re.compile(r"^\s+(\*?[\w>.\[\]()*+ -]+ ([-+|&*/%^]|<<|>>)?= .*|[\w>.\[\]-]+(\+\+|--)|[a-z]\w*\(.*\));$")
DECLARATION = re.compile(r"^\s+(const |static |struct |unsigned |u?int\d|size_t |bool |char |void |spanlink_\w+ \**\w+ =|\w+ \*+?\w+ =|\w+ \w+ =)")


def blank(text):
    """The text with comments, strings and characters blanked, so that places stay the same."""
    pattern = r"/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


def skipped(line):
    stripped = line.strip()
    return (not stripped or stripped.startswith(("#", "_Static_assert", "SPANLINK_INLINE_API", "__asm"))
            or "assert(" in line)


def changes_of(line):
    """(start, end, replacement) of each change to a line of code without comments."""
    for pattern, replacement in OPERATORS:
        for match in re.finditer(pattern, line):
            yield match.start(), match.end(), replacement
    for match in NUMBER.finditer(line):
        value = int(match.group(), 0)
        yield match.start(), match.end(), str(value + 1)
        if value > 0:
            yield match.start(), match.end(), str(value - 1)
    if STATEMENT.match(line) and not DECLARATION.match(line):
        yield len(line) - len(line.lstrip()), len(line), ";"


class Mutant:
    def __init__(self, path, number, line, change):
        start, end, replacement = change
        self.path, self.number = path, number
        self.line = line[:start] + replacement + line[end:]
        self.key = "%s: %s => %s" % (path, line.strip(), self.line.strip())
        self.outcome = None

    def __str__(self):
        return "%s:%d: %s" % (self.path, self.number, self.key.split(": ", 1)[1])


def mutants_of(path):
    text = open(path).read()
    code, lines = blank(text).split("\n"), text.split("\n")
    found = []
    continued = False
    for number, line in enumerate(code, 1):
        preprocessor = continued or line.lstrip().startswith("#")
        continued = preprocessor and line.endswith("\\")
        if preprocessor or skipped(line):
            continue
        found += [Mutant(path, number, lines[number - 1], c) for c in changes_of(line.rstrip())]
    return found


class Tests:
    """The test programs of a tree: how to compile what changed, link, and run."""

    def __init__(self, tree):
        self.tree = tree
        self.commands = {}  # object: (directory, command)
        self.uses = {}  # source or header: the objects that depend on it
        for entry in json.load(open(tree + "/compile_commands.json")):
            output = os.path.join(entry["directory"], re.search(r" -o (\S+)", entry["command"]).group(1))
            if not os.path.exists(output + ".d"):
                continue  # of the benchmark, which the tests do not build
            self.commands[output] = entry["directory"], entry["command"]
            for name in open(output + ".d").read().replace("\\\n", " ").split()[1:]:
                self.uses.setdefault(os.path.realpath(name), []).append(output)
        self.programs = {}  # name: (directory, link command)
        for link in glob.glob(tree + "/tests/**/CMakeFiles/test_*.dir/link.txt", recursive=True):
            name = re.search(r"CMakeFiles/(test_\w+)\.dir", link).group(1)
            text = open(link).read()
            if "-o " in text and " qc " not in text:
                self.programs[name] = os.path.dirname(os.path.dirname(os.path.dirname(link))), text.strip()
        self.seconds = {}
        for name, (directory, _) in self.programs.items():
            start = time.time()
            subprocess.run([os.path.join(directory, name)], stdout=subprocess.DEVNULL, check=True)
            self.seconds[name] = time.time() - start

    def in_order(self, path):
        """The program of the concept that a source belongs to comes first, then the quick ones."""
        base = os.path.splitext(os.path.basename(path))[0]
        own = ["test_" + base, "test_list"] if "internal" in path else ["test_" + base]
        return sorted(self.programs, key=lambda n: (own.index(n) if n in own else 9, self.seconds[n]))

    def compile(self, path, output, workplace):
        directory, command = self.commands[output]
        target = os.path.join(workplace, output.replace("/", "_"))
        command = command.replace(ROOT + "/src", workplace + "/src").replace(" -o ", " -w -o ", 1)
        command = re.sub(r" -o \S+", lambda _: " -o " + target, command)
        done = subprocess.run(command, shell=True, cwd=directory, stderr=subprocess.DEVNULL)
        return target if done.returncode == 0 else None

    def link(self, name, changed, workplace):
        directory, command = self.programs[name]
        program = os.path.join(workplace, name)
        command = re.sub(r" -o \S+", lambda _: " -o " + program, command)
        words = []
        for word in command.split():
            full = os.path.normpath(os.path.join(directory, word))
            words.append(changed.get(full, word))
        # The library's changed objects go in front, so that the archive's are not asked for.
        archive = "/spanlink_hooked.dir/" if "libspanlink_hooked.a" in command else "/spanlink.dir/"
        library = [new for old, new in changed.items() if archive in old]
        first = next(i for i, word in enumerate(words) if word.endswith(".o"))
        words[first:first] = library
        done = subprocess.run(" ".join(words), shell=True, cwd=directory, stderr=subprocess.DEVNULL)
        return program if done.returncode == 0 else None

    def fails(self, name, changed, workplace):
        program = self.link(name, changed, workplace)
        if program is None:
            return False  # a program that the change does not reach, or reaches twice
        limit = 5 + 10 * self.seconds[name]
        try:
            done = subprocess.run([program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  timeout=limit, preexec_fn=limit_memory, cwd=workplace)
            return done.returncode != 0
        except subprocess.TimeoutExpired:
            return True


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def same_file(a, b):
    return open(a, "rb").read() == open(b, "rb").read()


def judge(tests, mutant, workplace):
    """killed, survived, same (object code), or no program."""
    copy = os.path.join(workplace, mutant.path)
    original = open(mutant.path).read()
    lines = original.split("\n")
    lines[mutant.number - 1] = mutant.line
    with open(copy, "w") as file:
        file.write("\n".join(lines))
    try:
        changed = {}
        for output in tests.uses.get(os.path.realpath(mutant.path), []):
            made = tests.compile(mutant.path, output, workplace)
            if made is None:
                return "no program"
            if not same_file(made, tests.baseline[workplace][output]):
                changed[output] = made
        if not changed:
            return "same"
        for name in tests.in_order(mutant.path):
            if tests.fails(name, changed, workplace):
                return "killed"
        return "survived"
    finally:
        with open(copy, "w") as file:
            file.write(original)


def prepare(tests, workplace):
    """A copy of the sources, and what they compile to there without a change."""
    shutil.rmtree(workplace, ignore_errors=True)
    os.makedirs(workplace + "/baseline")
    shutil.copytree("src", workplace + "/src")
    tests.baseline[workplace] = {}
    for output in {o for objects in tests.uses.values() for o in objects}:
        if not any(os.path.realpath(p).startswith(ROOT + "/src/") and output in objects
                   for p, objects in tests.uses.items()):
            continue
        made = tests.compile(None, output, workplace)
        kept = made.replace(workplace, workplace + "/baseline", 1)
        os.rename(made, kept)
        tests.baseline[workplace][output] = kept


def choose(options):
    paths = options.files or sorted(glob.glob("src/**/*.[ch]", recursive=True))
    chosen = []
    for path in paths:
        mutants = mutants_of(path)
        if options.sample and options.sample < len(mutants):
            mutants = random.Random("%s %s" % (options.seed, path)).sample(mutants, options.sample)
        chosen += mutants
    random.Random(options.seed).shuffle(chosen)  # so that a run that ends early has seen all files
    return chosen


def known_equivalents():
    with open("tests/mutation-equivalent.txt") as file:
        return {line.rstrip("\n") for line in file if line.startswith("src/")}


def run(options):
    tests = Tests(options.tree)
    tests.baseline = {}
    places = [os.path.join(options.tree, "worker%d" % i) for i in range(options.jobs)]
    for place in places:
        prepare(tests, place)
    equivalents = known_equivalents()
    mutants = choose(options)
    end = time.time() + options.minutes * 60 if options.minutes else None
    free, lock = list(places), threading.Lock()

    def work(mutant):
        if end and time.time() > end:
            return
        if mutant.key in equivalents:
            mutant.outcome = "equivalent"
            return
        with lock:
            place = free.pop()
        try:
            mutant.outcome = judge(tests, mutant, place)
        finally:
            with lock:
                free.append(place)
        if mutant.outcome == "survived":
            print("survived", mutant, flush=True)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(work, mutants))
    return mutants


def report(mutants):
    outcomes = ("killed", "survived", "equivalent", "same", "no program", None)
    paths = sorted({m.path for m in mutants})
    print("%-32s%9s%9s%12s%11s%12s%9s" % ("", "killed", "survived", "equivalent", "same code", "no program", "not run"))
    totals = dict.fromkeys(outcomes, 0)
    for path in paths + ["in all"]:
        counts = {o: sum(m.outcome == o and path in (m.path, "in all") for m in mutants) for o in outcomes}
        print("%-32s%9d%9d%12d%11d%12d%9d" % ((path,) + tuple(counts[o] for o in outcomes)))
        totals = counts
    judged = totals["killed"] + totals["survived"]
    print("score: %d of %d mutants killed, %.2f %%" % (totals["killed"], judged, 100 * totals["killed"] / max(judged, 1)))
    return totals["survived"] == 0 and judged != 0


parser = argparse.ArgumentParser()
parser.add_argument("tree")
parser.add_argument("--sample", type=int)
parser.add_argument("--seed", default="1")
parser.add_argument("--minutes", type=float)
parser.add_argument("--jobs", type=int, default=2)
parser.add_argument("files", nargs="*")
sys.exit(0 if report(run(parser.parse_intermixed_args())) else 1)
