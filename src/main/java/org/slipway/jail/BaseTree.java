package org.slipway.jail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A base that is being written. Every name is followed from its root step by step, and a link on
 * the way leads inside the root as it would for a program that runs in the base, so nothing is
 * written outside. Nobody else writes to the folder meanwhile.
 *
 * <p>As root it keeps owners; another user's base is all that user's own, and its files can be read
 * and its folders written by the user whatever their modes were. Flags and extended attributes are
 * not kept: the base is used read-only, and flagged files would resist cleaning.
 */
final class BaseTree {
  /** Who owns a path, what may be done with it, and when it was changed last. */
  record Look(int modeBits, long owner, long group, FileTime changed) {}

  /** As many as Linux follows, path_resolution(7). */
  private static final int MOST_LINKS = 40;

  private static final int LONGEST_NAME = 255;

  /** FreeBSD's PATH_MAX is 1024 with the ending NUL; Linux takes more. */
  private static final int LONGEST_PATH = 1023;

  private final Path root;
  private final boolean owners;
  private final BaseLimits limits;
  private final byte[] buffer = new byte[1 << 16];
  private final Map<Path, Look> folders = new LinkedHashMap<>();
  private String lastFolder = "";
  private Path lastPlace;
  private long bytes;
  private int paths;

  /**
   * @param root an empty folder
   * @param owners whether this user can give files to others
   */
  BaseTree(Path root, boolean owners, BaseLimits limits) {
    this.root = root;
    this.owners = owners;
    this.limits = limits;
    this.lastPlace = root;
  }

  long bytes() {
    return bytes;
  }

  int paths() {
    return paths;
  }

  /** A folder; where a link to a folder of the base is in its place, that folder. */
  void folder(String name, Look look) throws IOException {
    count(name);
    Path place = walk(steps(name), name, true);
    if (place.equals(root)) {
      // Every user of a jail goes through it, whatever folder the archive was made from.
      folders.put(root, new Look(0755, look.owner(), look.group(), look.changed()));
    } else {
      folders.put(place, look);
    }
  }

  /** A regular file with these bytes. */
  void file(String name, Look look, InputStream content) throws IOException {
    Path place = place(name);
    try (OutputStream to =
        Files.newOutputStream(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        bytes += count;
        if (bytes > limits.unpackedBytes()) {
          throw new BaseException(
              "more than " + limits.unpackedBytes() + " bytes are in it; no base is as large");
        }
        write(to, count);
      }
    }
    settle(place, look, false);
  }

  private void write(OutputStream to, int count) throws DiskFault {
    try {
      to.write(buffer, 0, count);
    } catch (IOException e) {
      throw new DiskFault(e);
    }
  }

  /** The disk could not take what the archive has. */
  static final class DiskFault extends IOException {
    private static final long serialVersionUID = 1L;

    DiskFault(IOException fault) {
      super(fault.getMessage(), fault);
    }
  }

  /** A symbolic link; where it leads to is not looked at. */
  void link(String name, String target, Look look) throws IOException {
    if (target.isEmpty() || target.length() > LONGEST_PATH || target.indexOf('\0') >= 0) {
      throw hostile(name, "is a link to nothing, or to a name that is too long");
    }
    Path place = place(name);
    Files.createSymbolicLink(place, BasePath.link(target));
    own(place, look);
  }

  /** Another name of a file that is there already. */
  void hardLink(String name, String other) throws IOException {
    List<String> steps = steps(other);
    if (steps.isEmpty()) {
      throw hostile(name, "is a hard link to nothing");
    }
    Path folder = walk(steps.subList(0, steps.size() - 1), other, false);
    Path file = BasePath.child(folder, steps.get(steps.size() - 1));
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw hostile(
          name, "is a hard link to " + BaseText.shown(other) + ", which is no file before it");
    }
    Path place = spot(name);
    if (!place.equals(file)) {
      Files.deleteIfExists(place);
      Files.createLink(place, file);
    }
  }

  /** Gives folders their owners and modes, which would have kept this user from filling them. */
  void finish() throws IOException {
    List<Map.Entry<Path, Look>> all = new ArrayList<>(folders.entrySet());
    Collections.reverse(all);
    for (Map.Entry<Path, Look> each : all) {
      settle(each.getKey(), each.getValue(), true);
    }
    if (!folders.containsKey(root)) {
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Where something new goes; what was there is gone. */
  private Path place(String name) throws IOException {
    Path place = spot(name);
    Files.deleteIfExists(place);
    return place;
  }

  /** Where something new goes; no folder is there. */
  private Path spot(String name) throws IOException {
    count(name);
    List<String> steps = steps(name);
    if (steps.isEmpty()) {
      throw hostile(name, "would take the place of the whole base");
    }
    String folder = String.join("/", steps.subList(0, steps.size() - 1));
    if (!folder.equals(lastFolder)) {
      lastPlace = walk(steps.subList(0, steps.size() - 1), name, true);
      lastFolder = folder;
    }
    Path place = BasePath.child(lastPlace, steps.get(steps.size() - 1));
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw hostile(name, "would take the place of a folder");
    }
    return place;
  }

  private void count(String name) throws BaseException {
    paths++;
    if (paths > limits.paths()) {
      throw new BaseException("more than " + limits.paths() + " paths are in it, the last of them "
          + BaseText.shown(name) + "; no base has as many");
    }
  }

  /** The names in a path, without the dots and slashes that mean nothing. */
  private static List<String> steps(String name) throws BaseException {
    if (name.length() > LONGEST_PATH || name.indexOf('\0') >= 0) {
      throw hostile(name, "has too long a path");
    }
    List<String> steps = new ArrayList<>();
    for (String step : name.split("/", -1)) {
      if (step.equals("..")) {
        throw hostile(name, "climbs out of its folder");
      }
      if (step.length() > LONGEST_NAME) {
        throw hostile(name, "has too long a name in it");
      }
      if (!step.isEmpty() && !step.equals(".")) {
        steps.add(step);
      }
    }
    return steps;
  }

  /** Goes down from the root; links on the way lead as they would with the base as the root. */
  private Path walk(List<String> steps, String name, boolean make) throws IOException {
    Deque<String> left = new ArrayDeque<>(steps);
    Path at = root;
    int links = 0;
    while (!left.isEmpty()) {
      String step = left.pop();
      if (step.isEmpty() || step.equals(".")) {
        continue;
      }
      if (step.equals("..")) {
        at = at.equals(root) ? root : parent(at);
        continue;
      }
      Path next = BasePath.child(at, step);
      if (Files.isSymbolicLink(next)) {
        links++;
        String target = BasePath.target(Files.readSymbolicLink(next));
        if (links > MOST_LINKS || left.size() > LONGEST_PATH) {
          throw hostile(name, "goes over too many links");
        }
        at = target.startsWith("/") ? root : at;
        String[] detour = target.split("/", -1);
        for (int i = detour.length - 1; i >= 0; i--) {
          left.push(detour[i]);
        }
        continue;
      }
      if (!Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
        if (!make) {
          throw hostile(name, "is in a folder that is not there");
        }
        try {
          Files.createDirectory(next);
        } catch (FileAlreadyExistsException e) {
          throw hostile(name, "is below a file");
        }
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      at = next;
    }
    return at;
  }

  private Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? root : parent;
  }

  private void settle(Path place, Look look, boolean folder) throws IOException {
    own(place, look);
    int mode = look.modeBits() & 07777;
    if (!owners) {
      mode |= folder ? 0700 : 0400;
    }
    // After the owner: giving a file away takes its setuid bit.
    Files.setAttribute(place, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
    Files.setLastModifiedTime(place, look.changed());
  }

  private void own(Path place, Look look) throws IOException {
    if (owners) {
      Files.setAttribute(place, "unix:uid", id(look.owner()), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(place, "unix:gid", id(look.group()), LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static int id(long number) throws BaseException {
    if (number < 0 || number >= 1L << 31) {
      throw new BaseException("it gives files to a user with the number " + number);
    }
    return (int) number;
  }

  private static BaseException hostile(String name, String what) {
    return new BaseException("its member \"" + BaseText.shown(name) + "\" " + what);
  }
}
