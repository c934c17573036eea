# SPDX-License-Identifier: MIT
"""Builds mutants of src/, runs the unit tests on them, and reports those that survive.

    python3 tests/support/mutation.py TREE [--sample N] [--seed S] [--minutes M] [--jobs J]
                                           [--again LOG] [FILE...]

Each build makes one shared library of all sources, one of them changed; the test programs are
linked to it beforehand. There are five builds, in subdirectories of TREE:

    quick    by tcc, in a hundredth of a second. Plain C without threads, because tcc supports
             neither atomics nor vectors. Slow tests are left out.
    full     by the machine's compiler, with threads and vector code.
    plain    the same without threads and vector code.
    address  as full, with AddressSanitizer and UndefinedBehaviorSanitizer.
    threads  as full, with ThreadSanitizer: the stress programs and the lock's test, for changes to
             the files that lock.

Most mutants are killed by the tests of the quick build. For the others the object code of the full
build is compared with the original's, then that of the plain build; the first build whose code
differs runs all tests. If these pass, the sanitizer builds run theirs. A change that does not
compile, or leaves the object code the same in all builds, does not count as a mutant. Only the test
programs that call the changed function run: first the concept's own, then those that have killed
most mutants of the file. A program that takes five times the processor time it takes with the
unchanged library has failed, too, and so has one in a deadlock. Before all that, every build must
pass its tests unchanged.

The run fails if fewer than LEAST_SCORE per cent of the mutants are killed. It is not 100, because
some of the surviving mutants are equivalent: see tests/mutation.sh.
"""
import argparse
import collections
import concurrent.futures
import filecmp
import glob
import json
import os
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time

CC = shlex.split(os.environ.get("CC", "cc"))
TCC = ["tcc", "-std=c11"]
HOOKS = "-DSLNK_LOCK_TEST"  # of src/internal/lock.h
PLAIN = ["-DSPANLINK_NO_THREADS", "-DSPANLINK_PORTABLE"]
# Commands run in a workplace, which has its own src/ and links to everything else.
INCLUDES = ["-Isrc", "-Iinclude", "-Itests/support", "-Itests/support/standin"]
SOURCES = sorted(glob.glob("src/**/*.c", recursive=True))
WHOLE = "all.c"  # includes them all
LOCKS = "tests/support/test_locks.c"
ORACLE = "tests/support/format_oracle.c"
STRESS = "tests/stress/stress.c"
STRESS_SIZE = "200"
ADDRESS = ["-fsanitize=address,undefined,float-cast-overflow", "-fno-sanitize-recover=all"]
THREADS = ["-fsanitize=thread"]
SANITIZER_BOUNDS = "halt_on_error=1:hard_rss_limit_mb=1024"
LEAST_SCORE = 90
NOT_RUN = "/(support|interop|examples)/|test_huge_texts"  # other programs, and gigabytes of texts
LONG = "test_(pool_size|reservoir_odds)"  # a minute with tcc or a sanitizer: only full and plain
# gcc's AddressSanitizer takes what is left on the stack of a cancelled thread for a fault.
CANCELS = ["a_cancelled_provider_leaves_the_list_and_no_memory"]
SLOW = 0.06  # seconds; the quick build leaves out tests that take longer

# A pattern in a line of code, and its replacements.
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
    """The text with comments, strings and characters blanked; positions stay the same."""
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
    def __init__(self, path, file, number, change):
        start, end, replacement = change
        line = file[number - 1]
        self.path, self.number, self.file = path, number, file
        self.line = line[:start] + replacement + line[end:]
        self.text = "%s => %s" % (line.strip(), self.line.strip())
        self.outcome = None

    @property
    def key(self):
        return "%s: %s" % (self.path, self.text)

    def __str__(self):
        return "%s:%d: %s" % (self.path, self.number, self.text)


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
        found += [Mutant(path, lines, number, c) for c in changes_of(line.rstrip())]
    # If lines are equal, the changes of the second and later ones are numbered.
    seen = collections.Counter()
    for mutant in found:
        seen[mutant.text] += 1
        if seen[mutant.text] > 1:
            mutant.text += " [%d]" % seen[mutant.text]
    return found


def key_of(text):
    """The permanent name of a mutant: its description without the line number."""
    return re.sub(r"^(survived )?(src/[\w/.]+)(:\d+)?: ", r"\2: ", text.rstrip("\n"))


class Workplace:
    """A directory with its own sources, one of which is changed at a time."""

    def __init__(self, directory):
        self.directory = directory
        shutil.copytree("src", directory + "/src")
        for name in ("include", "tests"):
            os.symlink(os.path.abspath(name), os.path.join(directory, name))
        with open(os.path.join(directory, WHOLE), "w") as file:
            file.writelines('#include "%s"\n' % source for source in SOURCES)

    def write(self, path, text):
        with open(os.path.join(self.directory, path), "w") as file:
            file.write(text)

    def succeeds(self, command):
        return subprocess.run(command, cwd=self.directory, stderr=subprocess.DEVNULL).returncode == 0


def object_of(source):
    return source.replace("/", "_") + ".o"


def seconds_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def sleeps(run):
    """Whether no thread of a program runs or could run."""
    try:
        stats = [open(path).read() for path in glob.glob("/proc/%d/task/*/stat" % run.pid)]
    except OSError:  # a thread has ended meanwhile
        return False
    return all(stat.rpartition(")")[2].split()[0] == "S" for stat in stats)


def waits_for_ever(run, seconds):
    """Whether a program is in a deadlock: it has not ended in that time, and sleeps. One that a
    busy machine delays can run."""
    for wait in [seconds] + 5 * [1]:
        try:
            run.wait(wait)
            return False
        except subprocess.TimeoutExpired:
            if not sleeps(run):
                return False
    return True


class Build:
    """One configuration of the library and of the test programs that use it."""

    def __init__(self, directory, workplace, compiler, options, quick=False, sanitizer=()):
        self.directory, self.name, self.quick = directory, os.path.basename(directory), quick
        self.compiler, self.options = compiler, ["-w", HOOKS] + INCLUDES + options + list(sanitizer)
        self.sanitizer = sanitizer
        self.includes = {}  # source: itself, and the files that it includes
        self.seconds = {}  # program: its time
        self.skipped = list(CANCELS) if sanitizer == ADDRESS else []
        self.kills = collections.Counter()
        os.makedirs(directory)
        os.mkdir(self.made("", workplace))
        tests = sorted(glob.glob("tests/**/test_*.c", recursive=True))
        support = [t for t in tests if "/support/" in t and t != LOCKS] + [ORACLE, STRESS]
        done = [self.compile(source, directory, workplace) for source in SOURCES + [WHOLE, LOCKS]] + [
            self.make_shared("", workplace) is not None,
            workplace.succeeds(CC + self.options + ["-O1", "-fPIC", "-shared", "-o", directory + "/libsupport.so"] + support)]
        if not all(done):
            sys.exit("the %s build fails" % self.name)
        shutil.copy(self.made("libmutant.so", workplace), directory)
        if sanitizer == THREADS:
            tests = ["tests/internal/test_lock.c"] + glob.glob("tests/stress/stress_*.c")
        not_run = NOT_RUN + "|" + LONG if quick or sanitizer else NOT_RUN
        self.programs = {os.path.basename(t)[:-2]: t for t in tests if not re.search(not_run, t)}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda name: self.link(name, directory, workplace), self.programs))
        for name in self.programs:
            self.measure(name, workplace)

    def measure(self, name, workplace):
        """Sees how long a test program takes where nothing is changed, and which of its tests are slow."""
        self.seconds[name] = 10
        if self.quick:
            with self.start(name, self.directory, workplace, subprocess.PIPE) as run:
                marks = [(time.time(), line.decode().split()[-1]) for line in run.stdout]
            self.skipped += [test for (start, test), (end, _) in zip(marks, marks[1:]) if end - start > SLOW]
        before = seconds_of_children()
        if self.fails(name, "", workplace):
            sys.exit("%s fails in the %s build without a change" % (name, self.name))
        self.seconds[name] = seconds_of_children() - before

    def made(self, name, workplace):
        return os.path.join(workplace.directory, self.name, name)

    def reads(self, source, path, workplace):
        """Whether a source is the changed file, or includes it."""
        if source not in self.includes:
            command = CC + self.options + ["-MM", source]
            words = subprocess.check_output(command, cwd=workplace.directory).decode().split()
            self.includes[source] = {os.path.normpath(word) for word in words}
        return path in self.includes[source]

    def compile(self, source, directory, workplace):
        target = os.path.join(directory, object_of(source))
        command = self.compiler + self.options + ["-DSPANLINK_BUILDING", "-fPIC", "-c", source, "-o", target]
        return workplace.succeeds(command)

    def make_shared(self, path, workplace):
        """Builds the library with a change to `path`. Whether the object code differs from the
        original's; None if it does not compile."""
        made, differ, objects = self.made("", workplace), False, []
        sources = [WHOLE] if self.quick or path.endswith(".h") else SOURCES
        for source in sources + [LOCKS]:
            original = os.path.join(self.directory, object_of(source))
            objects.append(original)
            if self.reads(source, path, workplace):
                objects[-1] = os.path.join(made, object_of(source))
                if not self.compile(source, made, workplace):
                    return None
                differ = differ or not filecmp.cmp(objects[-1], original, False)
        command = self.compiler + ["-shared", "-o", os.path.join(made, "libmutant.so")] + objects
        return differ if workplace.succeeds(command) else None

    def link(self, name, directory, workplace):
        """Whether a test program compiles and links."""
        return workplace.succeeds(CC + self.options + [
            "-O1", "-o", os.path.join(directory, name), self.programs[name],
            "-L" + self.directory, "-lsupport", "-lmutant", "-lpthread", "-lm"])

    def differs(self, path, workplace):
        """As make_shared(), but also for the test programs that include `path`."""
        differ = self.make_shared(path, workplace)
        for name, source in self.programs.items():
            if differ is False and self.reads(source, path, workplace):
                if not self.link(name, self.made("", workplace), workplace):
                    return None
                differ = not filecmp.cmp(self.made(name, workplace), os.path.join(self.directory, name), False)
        return differ

    def start(self, name, directory, workplace, output):
        """Starts a test program, bounded in memory and processor time."""
        limit = 1 + 4 * self.seconds[name]

        def bound():
            if not self.sanitizer:  # sanitizers reserve terabytes of address space
                resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.setitimer(signal.ITIMER_PROF, limit)
        environment = dict(os.environ, STANDIN_SKIP=" ".join(self.skipped), STRESS_SIZE=STRESS_SIZE,
                           ASAN_OPTIONS=SANITIZER_BOUNDS, TSAN_OPTIONS=SANITIZER_BOUNDS,
                           LD_LIBRARY_PATH=self.made("", workplace) + ":" + self.directory)
        return subprocess.Popen(os.path.join(directory, name), env=environment, stdout=output,
                                stderr=subprocess.DEVNULL, preexec_fn=bound, cwd=workplace.directory)

    def fails(self, name, path, workplace):
        directory = self.directory
        if self.reads(self.programs[name], path, workplace):
            directory = self.made("", workplace)
            if not self.link(name, directory, workplace):
                return False  # differs() reports it
        with self.start(name, directory, workplace, subprocess.DEVNULL) as run:
            while not waits_for_ever(run, 20 + 20 * self.seconds[name]):
                if run.poll() is not None:
                    return run.returncode != 0
            run.kill()
            return True

    def notice(self, mutant, reaching, workplace):
        """Whether one of the test programs that reach the change fails."""
        path = mutant.path
        own = "test_" + os.path.basename(path)[:-2]
        names = [n for n, source in self.programs.items()
                 if n in reaching or self.sanitizer == THREADS or self.reads(source, path, workplace)]
        for name in sorted(names, key=lambda n: (not n.startswith(own), -self.kills[path, n], self.seconds[n])):
            if self.fails(name, path, workplace):
                self.kills[path, name] += 1
                return True
        return False


class Reach:
    """The functions of src/ that each test program calls, according to gcov."""

    def __init__(self, build, workplace):
        workplace.succeeds(["gcc", "--coverage", "-O0", "-fPIC", "-shared", "-DSPANLINK_BUILDING"] + build.options +
                           ["-o", build.made("libmutant.so", workplace), WHOLE, LOCKS])
        self.lines = {}  # program: {(path, number of a line that it runs)}
        usual, build.seconds = build.seconds, {name: 10 * seconds for name, seconds in build.seconds.items()}
        for name in build.programs:
            if build.fails(name, "", workplace):
                sys.exit("%s fails where gcov looks on" % name)
            data = glob.glob(build.made("*.gcda", workplace))
            text = data and subprocess.check_output(
                ["gcov", "--json-format", "--stdout"] + data, cwd=workplace.directory)
            self.lines[name] = {(os.path.normpath(file["file"]), line["line_number"])
                                for unit in (text or b"").splitlines() for file in json.loads(unit)["files"]
                                for line in file["lines"] if line["count"]}
            for path in data:
                os.remove(path)
        build.seconds = usual

    def programs(self, path, number, text):
        """The programs that run the function around a line; all programs if it is in no function."""
        first = last = number
        while first > 1 and not re.match(r"\w", text[first - 1]):
            first -= 1
        while last < len(text) and text[last - 1] != "}":
            last += 1
        lines = {(path, n) for n in range(first, last + 1)}
        is_function = re.match(r"[\w\s*]+\(", text[first - 1])
        return is_function and {name for name in self.lines if self.lines[name] & lines} or set(self.lines)


def judge(builds, reach, mutant, workplace):
    """Returns killed, survived, same (object code), or no program."""
    quick, full, plain, address, threads = builds
    tools = [address, threads] if any("slnk_lock" in line for line in mutant.file) else [address]
    lines = mutant.file[:]
    lines[mutant.number - 1] = mutant.line
    reaching = reach.programs(mutant.path, mutant.number, mutant.file)
    workplace.write(mutant.path, "\n".join(lines))
    try:
        if quick.make_shared(mutant.path, workplace) and quick.notice(mutant, reaching, workplace):
            return "killed"
        for build in (full, plain):
            differs = build.differs(mutant.path, workplace)
            if differs is None:
                return "no program"
            if differs:
                seen = build.notice(mutant, reaching, workplace) or any(
                    tool.make_shared(mutant.path, workplace) and tool.notice(mutant, reaching, workplace)
                    for tool in tools)
                return "killed" if seen else "survived"
        return "same"
    finally:
        workplace.write(mutant.path, "\n".join(mutant.file))


def choose(options):
    every = {path: mutants_of(path) for path in sorted(glob.glob("src/**/*.[ch]", recursive=True))}
    again = None
    if options.again:
        with open(options.again) as file:
            again = {key_of(line) for line in file if re.match("(survived )?src/", line)}
    chosen = []
    for path in options.files or every:
        mutants = [m for m in every[path] if again is None or m.key in again]
        if options.sample and options.sample < len(mutants):
            mutants = random.Random("%s %s" % (options.seed, path)).sample(mutants, options.sample)
        chosen += mutants
    random.Random(options.seed).shuffle(chosen)  # a run that ends early covers all files
    return chosen


def take_snapshot(tree):
    """Changes to a copy of the sources and tests, so that the originals may be edited meanwhile."""
    shutil.rmtree(tree, ignore_errors=True)
    for name in ("src", "include", "tests"):
        shutil.copytree(name, os.path.join(tree, "snapshot", name))
    os.chdir(os.path.join(tree, "snapshot"))


def run(options, mutants):
    places = [Workplace("%s/workplace%d" % (options.tree, i)) for i in range(options.jobs)]
    tree = options.tree + "/"
    builds = [Build(tree + "quick", places[0], TCC, PLAIN, True),
              Build(tree + "full", places[0], CC + ["-O1"], []),
              Build(tree + "plain", places[0], CC + ["-O1"], PLAIN),
              Build(tree + "address", places[0], CC + ["-O1"], [], sanitizer=ADDRESS),
              Build(tree + "threads", places[0], CC + ["-O1"], [], sanitizer=THREADS)]
    reach = Reach(builds[1], places[0])
    end = time.time() + options.minutes * 60 if options.minutes else float("inf")
    for place in places[1:]:
        for build in builds:
            os.mkdir(build.made("", place))

    def work(mutant):
        if mutant.outcome is None and time.time() < end:
            place = places.pop()
            mutant.outcome = judge(builds, reach, mutant, place)
            places.append(place)
        if mutant.outcome == "survived":
            print("survived", mutant, flush=True)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(work, mutants))


def report(mutants):
    outcomes = ("killed", "survived", "same", "no program", None)
    print("%-36s%9s%9s%11s%12s%9s" % ("", "killed", "survived", "same code", "no program", "not run"))
    for path in sorted({m.path for m in mutants}) + ["in all"]:
        counts = {o: sum(m.outcome == o and path in (m.path, "in all") for m in mutants) for o in outcomes}
        print("%-36s%9d%9d%11d%12d%9d" % ((path,) + tuple(counts[o] for o in outcomes)))
    judged = counts["killed"] + counts["survived"]
    score = 100 * counts["killed"] / max(judged, 1)
    print("score: %d of %d mutants killed, %.2f %% (at least %d)" % (counts["killed"], judged, score, LEAST_SCORE))
    return score >= LEAST_SCORE


parser = argparse.ArgumentParser()
parser.add_argument("tree", type=os.path.abspath)
parser.add_argument("--sample", type=int)
parser.add_argument("--seed", default="1")
parser.add_argument("--minutes", type=float)
parser.add_argument("--jobs", type=int, default=2)
parser.add_argument("--again")
parser.add_argument("files", nargs="*")
arguments = parser.parse_intermixed_args()
chosen = choose(arguments)
take_snapshot(arguments.tree)
run(arguments, chosen)
sys.exit(0 if report(chosen) else 1)
