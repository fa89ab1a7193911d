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
  private final History history;
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
  CheckoutPool(Path folder, TreeWriter writer, History history, int kept) {
    this.folder = folder;
    this.writer = writer;
    this.history = history;
    this.kept = kept;
  }

  /** Takes over what an earlier run left whole, and removes what it left half. */
  void adopt() throws IOException {
    Files.createDirectories(folder);
    List<Path> left;
    try (Stream<Path> children = Files.list(folder)) {
      // What is not named like a commit is not of our making, and not ours to remove.
      left = children
          .filter(child -> CommitId.names(String.valueOf(child.getFileName())))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
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
      return new Checkout(
          Optional.of(id),
          place(id).resolve("tree"),
          mark.omitted(),
          Optional.of(writer.tree(history, id)),
          () -> release(id, slot));
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
    Optional<WholeMark> donor = slot.donor;
    slot.donor = Optional.empty();
    try {
      Optional<SortedMap<String, String>> omitted = Optional.empty();
      if (donor.isPresent()) {
        omitted = move(place, donor.get(), id);
      }
      WholeMark mark = new WholeMark(id, omitted.isPresent() ? omitted.get() : anew(place, id));
      mark.write(place);
      return mark;
    } catch (IOException | RuntimeException e) {
      Folders.delete(place);
      throw e;
    }
  }

  /**
   * Writes what differs. Empty where two entries of a commit want one name: who has it is the first,
   * and that shows only when all of them are written in their order.
   */
  private Optional<SortedMap<String, String>> move(Path place, WholeMark donor, CommitId id)
      throws IOException {
    if (TreeWriter.crowded(donor.omitted())) {
      return Optional.empty();
    }
    SortedMap<String, String> omitted =
        writer.write(place.resolve("tree"), Optional.of(donor.commit()), donor.omitted(), id);
    return TreeWriter.crowded(omitted) ? Optional.empty() : Optional.of(omitted);
  }

  private SortedMap<String, String> anew(Path place, CommitId id) throws IOException {
    Path tree = place.resolve("tree");
    Folders.delete(tree);
    Files.createDirectories(tree);
    TreeWriter.open(place);
    TreeWriter.open(tree);
    return writer.write(tree, Optional.empty(), new TreeMap<>(), id);
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
