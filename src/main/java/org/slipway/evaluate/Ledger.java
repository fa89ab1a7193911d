package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.LoggerFactory;
import org.slipway.packages.Digest;
import org.slipway.packages.Flavor;
import org.slipway.tree.CommitId;

/**
 * Every reply that is kept for one setting: target, presets, make.conf. One evaluation at a time
 * uses it. A reply is given again only while each place that it hangs on shows what it showed.
 */
final class Ledger implements AutoCloseable {
  /** Of one question: a revert, or a second branch, finds its replies again. */
  private static final int VARIANTS = 3;

  private static final String TREE_KEY_KINDS = "pcf";

  private final int most;
  private final Optional<KeptFile> file;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicInteger users = new AtomicInteger();
  private final Map<String, Place> places = new HashMap<>();

  /** Those that may change without a change of the tree that tells of it. */
  private final Set<Place> unsteady = new HashSet<>();

  private final Map<String, String> words = new HashMap<>();
  private final Map<String, Boolean> ports = new HashMap<>();
  private final LinkedHashMap<String, List<Kept>> replies = new LinkedHashMap<>(1024, 0.75f, true);
  private Optional<CommitId> last = Optional.empty();
  private Optional<Sight> sight = Optional.empty();
  private int size;
  private long written;
  private int placesWhenCleaned;

  /** @param most replies that are kept */
  private Ledger(Optional<KeptFile> file, int most) {
    this.file = file;
    this.most = most;
  }

  static Ledger inMemory(int most) {
    return new Ledger(Optional.empty(), most);
  }

  static Ledger open(Path path, int most) throws IOException {
    Ledger ledger = new Ledger(KeptFile.open(path), most);
    ledger.file.ifPresent(ledger::load);
    return ledger;
  }

  private void load(KeptFile kept) {
    List<String> damaged = new ArrayList<>();
    kept.forEach((key, bytes) -> {
      Optional<KeptBytes> read = KeptBytes.read(bytes);
      if (read.isPresent() && size < most) {
        written = Math.max(written, number(key) + 1);
        KeptBytes entry = read.get();
        add(key, entry, Outcome.of(entry.question(), entry.reply()));
      } else {
        damaged.add(key);
      }
    });
    damaged.forEach(kept::remove);
    if (!damaged.isEmpty()) {
      LoggerFactory.getLogger(Ledger.class)
          .warn("{} kept answers were damaged or too many and are dropped", damaged.size());
    }
    kept.commit();
    kept.compact();
  }

  /**
   * Begins an evaluation that was claimed; to be ended by {@link #end} in the same thread.
   *
   * @return the sources' files, with what is still known of them
   */
  TreeFiles begin(Sources sources) throws IOException {
    lock.lock();
    try {
      Optional<List<String>> changes =
          last.isPresent() ? sources.tree().changedSince(last.get()) : Optional.empty();
      if (changes.isEmpty() || anyLink(sources, changes.get())) {
        places.values().forEach(Place::forget);
        ports.clear();
      } else {
        forget(changes.get());
      }
      last = sources.tree().commit();
      return new TreeFiles(sources, ports);
    } catch (IOException | RuntimeException e) {
      last = Optional.empty();
      users.decrementAndGet();
      lock.unlock();
      throw e;
    }
  }

  /** How places are looked at until the end. */
  void lookWith(Sight looking) {
    sight = Optional.of(looking);
  }

  /** Ends an evaluation and writes what is new. */
  void end() {
    try {
      shrink();
      file.ifPresent(KeptFile::commit);
    } finally {
      sight = Optional.empty();
      users.decrementAndGet();
      lock.unlock();
    }
  }

  /** What a question comes to, where that is known. */
  Optional<Outcome> find(Question question) throws IOException {
    sight.orElseThrow().around(question.folder());
    for (Kept kept : replies.getOrDefault(key(question), List.of())) {
      if (holds(kept)) {
        return Optional.of(kept.outcome());
      }
    }
    return Optional.empty();
  }

  /**
   * Keeps a reply. Any thread may, while the one that began the evaluation waits for it.
   *
   * @param keys of the places that it hangs on
   */
  synchronized void keep(Question question, Reply reply, Outcome outcome, Collection<String> keys)
      throws IOException {
    sight.orElseThrow().around(question.folder());
    List<String> seen = new ArrayList<>();
    for (String key : keys) {
      seen.add(look(key));
    }
    KeptBytes entry = new KeptBytes(question, List.copyOf(keys), seen, reply);
    String name = key(question) + "\n" + written++;
    List<Kept> variants = replies.getOrDefault(key(question), List.of());
    if (variants.size() >= VARIANTS) {
      drop(question, variants.get(variants.size() - 1));
    }
    add(name, entry, outcome);
    file.ifPresent(kept -> kept.put(name, entry.write()));
  }

  /** A digest over every file of these folders. */
  Digest sources(List<String> folders) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String folder : folders) {
      // The folder's own name is left out: a port that moved and is otherwise the same has other
      // variables anyway.
      all.append(look(Place.key(Place.Kind.FOLDER, folder))).append('\n');
    }
    return Digest.of(all.toString());
  }

  private String look(String key) throws IOException {
    return look(sight.orElseThrow(), place(key));
  }

  private boolean holds(Kept kept) throws IOException {
    Sight looking = sight.orElseThrow();
    for (int i = 0; i < kept.places().size(); i++) {
      if (!look(looking, kept.places().get(i)).equals(kept.seen().get(i))) {
        return false;
      }
    }
    return true;
  }

  private String look(Sight looking, Place place) throws IOException {
    String known = place.now();
    if (known != null) {
      return known;
    }
    String seen = looking.look(place);
    if (place.fleeting()) {
      unsteady.add(place);
    }
    return seen;
  }

  private void add(String name, KeptBytes entry, Outcome outcome) {
    Kept kept = new Kept(
        name,
        entry.keys().stream().map(this::place).toList(),
        entry.seen().stream()
            .map(word -> words.computeIfAbsent(word, same -> same))
            .toList(),
        outcome);
    List<Kept> variants = new ArrayList<>(List.of(kept));
    variants.addAll(replies.getOrDefault(key(entry.question()), List.of()));
    replies.put(key(entry.question()), List.copyOf(variants));
    size++;
  }

  private void drop(Question question, Kept kept) {
    List<Kept> variants = new ArrayList<>(replies.getOrDefault(key(question), List.of()));
    variants.remove(kept);
    replies.put(key(question), List.copyOf(variants));
    forget(kept);
  }

  private void forget(Kept kept) {
    size--;
    file.ifPresent(of -> of.remove(kept.file()));
  }

  /** Drops what was not asked for longest, and the places that nothing hangs on any more. */
  private void shrink() {
    var oldest = replies.entrySet().iterator();
    while (size > most && oldest.hasNext()) {
      oldest.next().getValue().forEach(this::forget);
      oldest.remove();
    }
    if (places.size() > placesWhenCleaned * 2 + 10_000) {
      Set<Place> used = new HashSet<>();
      replies.values().forEach(variants -> variants.forEach(kept -> used.addAll(kept.places())));
      places.values().retainAll(used);
      unsteady.retainAll(used);
      words.clear();
      placesWhenCleaned = places.size();
    }
  }

  /** Forgets what these changes of the tree may have changed, and all that is not of the tree. */
  private void forget(List<String> changes) {
    String tree = Evaluator.TREE + "/";
    unsteady.forEach(Place::forget);
    ports.keySet().removeIf(folder -> !folder.startsWith(tree));
    for (String change : changes) {
      for (String path = tree + change;
          path.length() > Evaluator.TREE.length();
          path = path.substring(0, path.lastIndexOf('/'))) {
        ports.remove(path);
        for (int kind = 0; kind < TREE_KEY_KINDS.length(); kind++) {
          Place place = places.get(TREE_KEY_KINDS.charAt(kind) + path);
          if (place != null) {
            place.forget();
          }
        }
      }
    }
  }

  /** A new link may lead to any place. */
  private static boolean anyLink(Sources sources, List<String> changes) {
    Path top = sources.tree().directory();
    return changes.stream().anyMatch(change -> Files.isSymbolicLink(top.resolve(change)));
  }

  private Place place(String key) {
    return places.computeIfAbsent(key, same -> {
      Place place = new Place(Place.Kind.of(same.charAt(0)), same.substring(1));
      if (!place.path().startsWith(Evaluator.TREE + "/")) {
        unsteady.add(place);
      }
      return place;
    });
  }

  private static String key(Question question) {
    return question.folder()
        + question.flavor().map(Flavor::name).map(name -> "@" + name).orElse("");
  }

  private static long number(String name) {
    return Long.parseLong(name.substring(name.lastIndexOf('\n') + 1));
  }

  /** Says that an evaluation will begin; until it has ended, {@link #closeIfIdle} does nothing. */
  void claim() {
    users.incrementAndGet();
  }

  /** Closes it unless somebody uses it or is about to. */
  boolean closeIfIdle() {
    if (users.get() > 0) {
      return false;
    }
    close();
    return true;
  }

  /** Waits for an evaluation that uses it. */
  @Override
  public void close() {
    lock.lock();
    try {
      file.ifPresent(KeptFile::close);
    } finally {
      lock.unlock();
    }
  }
}
