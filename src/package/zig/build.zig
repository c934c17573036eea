// SPDX-License-Identifier: MIT
// spanlink for Zig 0.17. Put at the root of the tree by src/package/place.sh.
const std = @import("std");

// Reads the sources from the list of concepts: NAME, MAY INCLUDE, OPTION, PREFIXES.
const concepts = @embedFile("src/package/concepts.txt");

pub fn build(b: *std.Build) void {
    const module = b.createModule(.{
        .target = b.standardTargetOptions(.{}),
        .optimize = b.standardOptimizeOption(.{}),
        .link_libc = true,
    });
    module.addIncludePath(b.path("include"));
    module.addIncludePath(b.path("src"));

    var flags: std.ArrayList([]const u8) = .empty;
    add(b, &flags, "-std=c11");
    add(b, &flags, "-DSPANLINK_BUILDING");
    add(b, &flags, "-fvisibility=hidden");
    const options = [_][]const u8{ "NO_THREADS", "NO_OTLP", "NO_FORMATS" };
    var left_out: [options.len]bool = undefined;
    for (options, 0..) |option, i| {
        left_out[i] = b.option(bool, option, "Leave this part out") orelse false;
        if (left_out[i]) add(b, &flags, b.fmt("-DSPANLINK_{s}", .{option}));
    }

    var lines = std.mem.splitScalar(u8, concepts, '\n');
    while (lines.next()) |line| {
        var columns = std.mem.tokenizeScalar(u8, line, ' ');
        const name = columns.next() orelse continue;
        _ = columns.next();
        const option = columns.next() orelse continue;
        if (name[0] == '#') continue;
        const source = b.fmt("src/{s}.c", .{name});
        b.root.root_dir.handle.access(b.graph.io, source, .{}) catch continue;
        for (options, left_out) |known, out| {
            if (out and std.mem.eql(u8, option, known)) break;
        } else module.addCSourceFile(.{ .file = b.path(source), .flags = flags.items });
    }

    const library = b.addLibrary(.{ .name = "spanlink", .root_module = module });
    library.installHeadersDirectory(b.path("include"), "", .{});
    b.installArtifact(library);
}

fn add(b: *std.Build, list: *std.ArrayList([]const u8), flag: []const u8) void {
    list.append(b.allocator, flag) catch @panic("out of memory");
}
