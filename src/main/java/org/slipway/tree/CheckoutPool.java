package org.slipway.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Pinned trees on disk, one folder a commit: {@code COMMIT/tree} holds the files,
 * {@code COMMIT/whole} is there while they are all there. Users of one commit share its folder; a
 * folder without users is moved to the next commit that is asked for.
 */
final class CheckoutPool {
  private final Path folder;
  private final TreeWriter writer;
  private final int kept;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<CommitId, Slot> slots = new HashMap<>();
  private long turns;

  /** One folder. Who holds {@code filling} may write in it, and only before it is whole. */
  private static final class Slot {
    final ReentrantLock filling = new ReentrantLock();
    int users;
    long lastUsed;
    Optional<WholeMark> whole = Optional.empty();
    Optional<WholeMark> donor = Optional.empty();
  }

  /** @param kept folders without users that stay for later */
  CheckoutPool(Path folder, TreeWriter writer, int kept) {
    this.folder = folder;
    this.writer = writer;
    this.kept = kept;
  }

  /** Takes over what an earlier farm left whole, and removes the rest. */
  void adopt(History history) throws IOException {
    Files.createDirectories(folder);
    List<Path> left;
    try (Stream<Path> children = Files.list(folder)) {
      left = children.sorted(Comparator.comparing(Path::toString)).toList();
    }
    for (Path child : left) {
      Optional<WholeMark> mark = WholeMark.read(child);
      if (mark.isPresent()
          && child.equals(place(mark.get().commit()))
          && history.has(mark.get().commit())
          && slots.size() < kept) {
        Slot slot = new Slot();
        slot.whole = mark;
        slots.put(mark.get().commit(), slot);
      } else {
        Folders.delete(child);
      }
    }
  }

  Checkout checkout(CommitId id) throws IOException {
    Slot slot = claim(id);
    slot.filling.lock();
    try {
      WholeMark mark = slot.whole.isPresent() ? slot.whole.get() : fill(slot, id);
      slot.whole = Optional.of(mark);
      return new Checkout(id, place(id).resolve("tree"), mark.omitted(), () -> release(id, slot));
    } catch (IOException | RuntimeException e) {
      release(id, slot);
      throw e;
    } finally {
      slot.filling.unlock();
    }
  }

  private Slot claim(CommitId id) throws IOException {
    lock.lock();
    try {
      Slot slot = slots.get(id);
      if (slot == null) {
        slot = new Slot();
        slot.donor = takeOver(id);
        slots.put(id, slot);
      }
      slot.users++;
      return slot;
    } finally {
      lock.unlock();
    }
  }

  /** The free folder that was not wanted for longest: its next user pays the difference only. */
  private Optional<WholeMark> takeFree() {
    Optional<CommitId> oldest = slots.entrySet().stream()
        .filter(entry -> entry.getValue().users == 0)
        .min(Comparator.comparingLong(entry -> entry.getValue().lastUsed))
        .map(Map.Entry::getKey);
    return oldest.map(slots::remove).flatMap(slot -> slot.whole);
  }

  /**
   * Gives a free folder the place of another commit. Under the lock, so that nobody who wants the
   * old commit meanwhile sees the folder at its old place.
   */
  private Optional<WholeMark> takeOver(CommitId id) throws IOException {
    Folders.delete(place(id));
    Optional<WholeMark> free = takeFree();
    if (free.isPresent()) {
      Path old = place(free.get().commit());
      // The mark goes first and comes last: a folder in between is never taken for a tree.
      WholeMark.remove(old);
      Files.move(old, place(id), StandardCopyOption.ATOMIC_MOVE);
    }
    return free;
  }

  private WholeMark fill(Slot slot, CommitId id) throws IOException {
    Path place = place(id);
    Optional<CommitId> from = slot.donor.map(WholeMark::commit);
    SortedMap<String, String> omitted = slot.donor.map(WholeMark::omitted).orElseGet(TreeMap::new);
    slot.donor = Optional.empty();
    if (from.isEmpty()) {
      Files.createDirectories(place.resolve("tree"));
      TreeWriter.open(place);
      TreeWriter.open(place.resolve("tree"));
    }
    try {
      WholeMark mark = new WholeMark(id, writer.write(place.resolve("tree"), from, omitted, id));
      mark.write(place);
      return mark;
    } catch (IOException | RuntimeException e) {
      Folders.delete(place);
      throw e;
    }
  }

  private void release(CommitId id, Slot slot) {
    lock.lock();
    try {
      slot.users--;
      slot.lastUsed = ++turns;
      if (slot.users == 0 && slot.whole.isEmpty()) {
        slots.remove(id, slot);
      }
      shrink();
    } finally {
      lock.unlock();
    }
  }

  private void shrink() {
    while (slots.values().stream().filter(slot -> slot.users == 0).count() > kept) {
      Optional<WholeMark> extra = takeFree();
      if (extra.isPresent()) {
        deleteLater(place(extra.get().commit()));
      }
    }
  }

  /** A folder that cannot be removed now is removed at the next start; nobody waits for it. */
  private static void deleteLater(Path place) {
    try {
      WholeMark.remove(place);
      Folders.delete(place);
    } catch (IOException e) {
      LoggerFactory.getLogger(CheckoutPool.class)
          .warn("cannot remove the checkout {}: {}", place, e.toString());
    }
  }

  private Path place(CommitId id) {
    return folder.resolve(id.hex());
  }
}
