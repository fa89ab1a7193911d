package org.slipway.packages;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.PackageFinding.Kind;

/** Compares a package's members with its manifests, in one reading of the archive. */
final class PackageVerifier {
  /** A hostile package may differ in everything; nobody reads more of it. */
  private static final int MAX_FINDINGS = 1000;

  /** What only the full manifest has. */
  private static final Set<String> FULL_ONLY =
      Set.of("files", "directories", "config", "scripts", "lua_scripts");

  private static final String FFLAGS = "SCHILY.fflags";

  private final PackageMembers members;
  private final List<PackageFinding> findings = new ArrayList<>();
  private final Map<String, ListedPath> files = new HashMap<>();
  private final Map<String, ListedPath> directories = new HashMap<>();
  private final Map<String, TypedSum> sums = new HashMap<>();
  private final byte[] buffer = new byte[1 << 16];
  private @Nullable PackageName name;
  private int seen;
  private long bytes;
  private long linkBytes;

  PackageVerifier(PackageMembers members) {
    this.members = members;
  }

  Verification verify() throws IOException {
    try {
      Ucl.Section full = manifests();
      for (TarEntry entry = members.next(); entry != null; entry = members.next()) {
        compare(entry);
      }
      new TreeSet<>(files.keySet())
          .forEach(path -> find(Kind.MISSING, path, "is in the manifest, not in the archive"));
      new TreeSet<>(directories.keySet())
          .forEach(path -> find(Kind.MISSING, path, "is in the manifest, not in the archive"));
      flatSize(full);
    } catch (PackageException | DamagedDataException e) {
      // Said even when there are too many findings: it is why the rest was not looked at.
      findings.add(new PackageFinding(Kind.ARCHIVE, "", String.valueOf(e.getMessage())));
    }
    return new Verification(Optional.ofNullable(name), seen, bytes, findings);
  }

  private Ucl.Section manifests() throws IOException, PackageException {
    PackageMembers.Head head = members.head();
    Ucl.Section full = MetadataReader.ucl(head.full(), PackageMembers.FULL);
    name = new ManifestReader(full, PackageMembers.FULL).read(null).name();
    ListedPath.of(full, "files").forEach(listed -> files.put(listed.path(), listed));
    ListedPath.of(full, "directories").forEach(listed -> directories.put(listed.path(), listed));
    if (head.compact() == null) {
      find(Kind.MANIFESTS, "", "it has no " + PackageMembers.COMPACT);
      return full;
    }
    Ucl.Section compact = MetadataReader.ucl(head.compact(), PackageMembers.COMPACT);
    Set<String> keys = new TreeSet<>(full.values().keySet());
    keys.removeAll(FULL_ONLY);
    keys.addAll(compact.values().keySet());
    for (String key : keys) {
      Ucl.Value value = compact.values().get(key);
      if (value == null || !value.equals(full.values().get(key))) {
        find(
            Kind.MANIFESTS,
            "",
            "its two manifests disagree about \"" + PathRules.shown(key) + "\"");
      }
    }
    return full;
  }

  private void compare(TarEntry entry) throws IOException, PackageException {
    boolean directory = entry.type() == TarEntry.DIRECTORY;
    ListedPath listed = (directory ? directories : files).remove(entry.name());
    if (listed == null) {
      find(Kind.UNLISTED, entry.name(), "is in the archive, not in the manifest");
      return;
    }
    attributes(entry, listed);
    if (directory) {
      return;
    }
    seen++;
    switch (entry.type()) {
      case TarEntry.SYMLINK -> symlink(entry, listed);
      case TarEntry.HARD_LINK -> hardLink(entry, listed);
      default -> file(entry, listed);
    }
  }

  private void file(TarEntry entry, ListedPath listed) throws IOException, PackageException {
    Optional<TypedSum> expected = TypedSum.parse(listed.sum());
    TypedSum.Running running =
        expected.map(TypedSum::kind).orElse(TypedSum.Kind.SHA256_HEX).begin();
    TarReader tar = members.tar();
    for (int count = tar.read(buffer); count >= 0; count = tar.read(buffer)) {
      running.update(buffer, 0, count);
    }
    TypedSum sum = running.end();
    sums.put(entry.name(), sum);
    bytes += entry.sizeBytes();
    compare(sum, expected, listed);
    if (listed.linkTarget().isPresent()) {
      find(Kind.LINK, entry.name(), "is listed as a symbolic link and is a file");
    }
  }

  private void hardLink(TarEntry entry, ListedPath listed) {
    TypedSum sum = sums.get(entry.linkName());
    if (sum == null) {
      // Its target is in the archive but not in the manifest, which has been said.
      return;
    }
    sums.put(entry.name(), sum);
    compare(sum, TypedSum.parse(listed.sum()), listed);
  }

  /** For an absolute target pkg sums it without its slash and with a NUL. */
  private void symlink(TarEntry entry, ListedPath listed) {
    String target = entry.linkName();
    linkBytes += target.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (listed.linkTarget().isPresent() && !listed.linkTarget().get().equals(target)) {
      find(
          Kind.LINK,
          entry.name(),
          "links to \"" + target + "\", listed is \""
              + PathRules.shown(listed.linkTarget().get()) + "\"");
    }
    if (PathRules.leadsOut(entry.name(), target)) {
      find(Kind.LINK, entry.name(), "links to \"" + target + "\", which is above the root");
    }
    Optional<TypedSum> expected = TypedSum.parse(listed.sum());
    if (expected.isPresent()) {
      String summed = target.startsWith("/") ? target.substring(1) + "\0" : target;
      compare(expected.get().kind().of(summed), expected, listed);
    } else if (!listed.sum().equals("-")) {
      compare(TypedSum.Kind.SHA256_HEX.of(target), expected, listed);
    }
  }

  private void compare(TypedSum sum, Optional<TypedSum> expected, ListedPath listed) {
    if (expected.isEmpty()) {
      find(
          Kind.UNSUMMED,
          listed.path(),
          listed.sum().equals("-")
              ? "has no sum in the manifest"
              : "has a sum of an unknown kind, \"" + PathRules.shown(listed.sum()) + "\"");
    } else if (expected.get().kind() != sum.kind()) {
      find(Kind.UNSUMMED, listed.path(), "has a sum of another kind than the file it links to");
    } else if (!expected.get().equals(sum)) {
      find(Kind.SUM, listed.path(), "has bytes that are not those that the manifest sums");
    }
  }

  private void attributes(TarEntry entry, ListedPath listed) {
    attribute(entry, "owner", entry.owner(), listed.owner());
    attribute(entry, "group", entry.group(), listed.group());
    if (entry.type() != TarEntry.SYMLINK && listed.mode().isPresent()) {
      attribute(
          entry,
          "mode",
          Integer.toOctalString(entry.mode()),
          Optional.of(Integer.toOctalString(listed.mode().getAsInt())));
    }
    String flags = listed.flags().orElse("");
    // A manifest that lists sums alone says nothing of flags; a number's bits are its host's.
    boolean told = listed.owner().isPresent() || listed.mode().isPresent() || !flags.isEmpty();
    if (told && !flags.matches("[0-9]+")) {
      attribute(
          entry,
          "flags",
          sorted(members.tar().record(FFLAGS).orElse("")),
          Optional.of(sorted(flags)));
    }
  }

  private void attribute(TarEntry entry, String what, String found, Optional<String> listed) {
    if (listed.isPresent() && !listed.get().equals(found)) {
      find(
          Kind.ATTRIBUTES,
          entry.name(),
          "has " + what + " \"" + PathRules.shown(found) + "\", listed is \""
              + PathRules.shown(listed.get()) + "\"");
    }
  }

  private static String sorted(String flags) {
    String[] words = flags.split(",", -1);
    Arrays.sort(words);
    return String.join(",", words);
  }

  /** pkg 2.8 counts a symbolic link's text too; a package that counts files alone is as good. */
  private void flatSize(Ucl.Section full) {
    String listed = full.text("flatsize").orElse("none");
    if (!listed.equals(Long.toString(bytes)) && !listed.equals(Long.toString(bytes + linkBytes))) {
      find(
          Kind.FLATSIZE,
          "",
          "its flatsize is " + PathRules.shown(listed) + "; its files have " + bytes + " bytes");
    }
  }

  private void find(Kind kind, String path, String text) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new PackageFinding(kind, path, text));
    } else if (findings.size() == MAX_FINDINGS) {
      findings.add(new PackageFinding(kind, "", "there are more findings, which are left out"));
    }
  }
}
