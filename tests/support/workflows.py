# SPDX-License-Identifier: MIT
"""Checks the workflows, and that every script and job that is named somewhere exists.

    /usr/bin/python3 tests/support/workflows.py

Each job of a workflow must have a machine, a time limit, and steps that do something. Each script
that is named in a workflow, a script, .ci/run or a page must exist, and so must each job of
tests/matrix.sh. The nightly workflow must run all of these jobs.
"""
import glob
import re
import sys

import yaml

faults = []


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def complain(path, fault):
    faults.append(f"{path}: {fault}")


def check_scripts(path):
    """Each script that the file calls from the root of the tree must exist."""
    for script in re.findall(r"\b(?:sh|bash) ((?:tests|examples|\.ci)/[\w./-]*\w)", read(path)):
        if not glob.glob(script):
            complain(path, f"{script} does not exist")


def check_matrix_jobs(path, text, known):
    for call in re.findall(r"\bsh tests/matrix\.sh((?: +[a-z]\w*)*)$", text, re.MULTILINE):
        for job in sorted(set(call.split()) - known):
            complain(path, f"tests/matrix.sh has no job {job}")


def check_job(path, name, job):
    for key in ("runs-on", "timeout-minutes", "steps"):
        if key not in job:
            complain(path, f"{name} has no {key}")
    axes = job.get("strategy", {}).get("matrix", {})
    for axis in re.findall(r"\$\{\{ *matrix\.(\w+) *\}\}", yaml.safe_dump(job)):
        if axis not in axes:
            complain(path, f"{name} has no matrix.{axis}")
    for step in job.get("steps", []):
        if ("run" in step) == ("uses" in step):
            complain(path, f"{name} has a step with neither or both of run and uses")
        if not re.search(r"@[0-9a-f]{40}$", step.get("uses", "@" + "0" * 40)):
            complain(path, f"{name} does not pin {step['uses']} by its commit")
        if "/checkout@" in step.get("uses", "") and step.get("with", {}).get("persist-credentials", True):
            complain(path, f"{name} leaves its credentials in the checkout")


def main():
    known = set(re.search(r"^all='(.*)'$", read("tests/matrix.sh"), re.MULTILINE).group(1).split())
    for job in sorted(known):
        if f"\njob_{job}()" not in read("tests/matrix.sh") and not glob.glob(f"tests/{job}.sh"):
            complain("tests/matrix.sh", f"there is no job_{job}")
    workflows = {path: yaml.safe_load(read(path)) for path in glob.glob(".github/workflows/*")}
    for path, workflow in workflows.items():
        if workflow.get("permissions") != {"contents": "read"}:
            complain(path, "its default permissions are not contents: read")
        for name, job in workflow["jobs"].items():
            check_job(path, name, job)
            for step in job.get("steps", []):
                check_matrix_jobs(path, step.get("run", ""), known)
    night = ".github/workflows/nightly.yml"
    if sorted(workflows[night]["jobs"]["matrix"]["strategy"]["matrix"]["job"]) != sorted(known):
        complain(night, "its jobs are not those of tests/matrix.sh")
    check_matrix_jobs(".ci/run", read(".ci/run"), known)
    pages = [".ci/run", *workflows, *glob.glob(".github/*.md")]
    pages += [path for root in ("", "src/", "tests/", "tests/bench/", "tests/bench/peers/", "examples/")
              for path in glob.glob(root + "README.md")]
    scripts = glob.glob("tests/**/*.sh", recursive=True) + glob.glob("examples/*.sh")
    for path in pages + scripts:
        check_scripts(path)
    print("\n".join(faults) or f"{len(workflows)} workflows, {len(pages)} pages, {len(scripts)} scripts: no error")
    return 1 if faults else 0


sys.exit(main())
