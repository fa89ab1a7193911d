package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one question's reply hangs on, read from make's record of it. Errs to the side of too much:
 * a place too many costs an evaluation, a place too few a wrong answer.
 */
final class Needs {
  private static final List<String> SAME_ALWAYS = List.of(
      Evaluator.KIT, "/wrkdirs", "/distfiles", "/packages", "/nonexistent", "/usr/local", "/tmp");

  private final TreeFiles tree;
  private final String folder;
  private final Set<String> keys = new TreeSet<>();

  private Needs(TreeFiles tree, String folder) {
    this.tree = tree;
    this.folder = folder;
  }

  /**
   * The keys of places, sorted.
   *
   * @return empty where the record does not say enough to keep the reply
   */
  static Optional<Set<String>> of(TreeFiles tree, Question question, Reply reply) {
    Reply.Trail trail = reply.trail();
    boolean read = reply instanceof Reply.Answers || !trail.read().isEmpty();
    if (!trail.whole() || !read) {
      return Optional.empty();
    }
    Needs needs = new Needs(tree, question.folder());
    trail.searched().forEach(needs::searched);
    trail.read().forEach(needs::content);
    if (reply instanceof Reply.Answers answers) {
      Draft.words(answers.value(Variables.MAKEFILES)).forEach(needs::content);
      answers.includes().forEach(needs::presence);
      String name = answers.value(Variables.OPTIONS_NAME).strip();
      needs.keys.add(Place.key(Place.Kind.OPTIONS, name));
    }
    needs.keys.add(Place.key(
        Place.Kind.OPTIONS,
        question.origin().category() + "_" + question.origin().name()));
    trail.commands().forEach(ran -> needs.command(ran, !trail.read().isEmpty()));
    return Optional.of(needs.keys);
  }

  /** Whether make has to be asked once more, with every file that it opens in the record. */
  static boolean wantsReading(Reply reply) {
    if (reply instanceof Reply.Refusal refusal) {
      return refusal.lasting() && refusal.trail().read().isEmpty();
    }
    return reply.trail().read().isEmpty()
        && reply.trail().commands().stream()
            .anyMatch(ran ->
                new CommandText(ran.command()).programs().stream().anyMatch(CommandText::isMake));
  }

  /** A bare name is looked for in the port's folder, and among the tree's own kit files. */
  private void searched(String name) {
    presence(name);
    if (name.indexOf('/') < 0) {
      tree.kitFolders().forEach(kit -> presence(kit + "/" + name));
    }
  }

  private void presence(String name) {
    add(Place.Kind.PRESENCE, folder, name);
  }

  private void content(String name) {
    add(Place.Kind.CONTENT, folder, name);
  }

  private void add(Place.Kind kind, String from, String name) {
    place(from, name).ifPresent(path -> keys.add(Place.key(kind, path)));
  }

  /**
   * Absolute and without dots; empty for what is the kit's, which the cache knows as a whole, and for
   * what is empty in every jail.
   */
  private static Optional<String> place(String from, String name) {
    Optional<String> place = Place.absolute(from, name);
    if (place.isEmpty()) {
      return place;
    }
    String path = place.get();
    for (String top : SAME_ALWAYS) {
      if (path.startsWith(top)
          && (path.length() == top.length() || path.charAt(top.length()) == '/')) {
        return Optional.empty();
      }
    }
    return place;
  }

  /**
   * A command reads what it names, or what lies where it runs. What a program of the tree or a
   * script reads nobody knows; a make has put it on record.
   */
  private void command(Reply.Ran ran, boolean makesRecorded) {
    keys.add(Place.key(Place.Kind.FOLDER, ran.folder()));
    CommandText text = new CommandText(ran.command());
    boolean opaque = false;
    List<String> named = new ArrayList<>();
    for (String word : text.words()) {
      Optional<String> path = place(ran.folder(), word).filter(tree::holds);
      path.ifPresent(named::add);
    }
    for (String program : new LinkedHashSet<>(text.programs())) {
      opaque |= isProgramOfTree(ran.folder(), program)
          || (CommandText.isMake(program) && !makesRecorded)
          || (CommandText.isInterpreter(program) && !named.isEmpty());
    }
    named.stream()
        .filter(path -> !tree.isTop(path))
        .forEach(path -> keys.add(Place.key(Place.Kind.FOLDER, path)));
    if (opaque || named.stream().anyMatch(tree::isTop)) {
      keys.add(Place.key(Place.Kind.ALL, ""));
    }
  }

  private boolean isProgramOfTree(String from, String program) {
    Optional<String> path = place(from, program).filter(tree::holds);
    try {
      return path.isPresent()
          && tree.find(path.get())
              .filter(Files::isRegularFile)
              .filter(Files::isExecutable)
              .isPresent();
    } catch (IOException e) {
      return true;
    }
  }
}
