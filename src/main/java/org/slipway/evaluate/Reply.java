package org.slipway.evaluate;

import java.util.List;

/** What make said to one question. */
sealed interface Reply permits Reply.Answers, Reply.Refusal, Reply.Taken {
  /** What make looked for and ran meanwhile, as far as that is known. */
  Trail trail();

  /** The same with another record. */
  Reply with(Trail trail);

  /**
   * @param values of {@link Variables#ALL}, in that order
   * @param includes paths that the framework includes if they are there, as they came out in the
   *     end
   * @param warnings what it wrote to standard error nevertheless, usually nothing
   */
  record Answers(List<String> values, List<String> includes, String warnings, Trail trail)
      implements Reply {
    public Answers {
      values = List.copyOf(values);
      includes = List.copyOf(includes);
    }

    /** A variable's, as it came. */
    String value(String name) {
      return values.get(Variables.index(name));
    }

    @Override
    public Answers with(Trail other) {
      return new Answers(values, includes, warnings, other);
    }
  }

  /** No answers, and why: make's message or ours. */
  record Refusal(String message, Cause cause, Trail trail) implements Reply {
    @Override
    public Refusal with(Trail other) {
      return new Refusal(message, cause, other);
    }

    /** Whether the same makefiles would come to the same again. */
    boolean lasting() {
      return cause == Cause.MAKEFILES;
    }
  }

  /** What it was is known to who asked, and kept here no longer. */
  record Taken() implements Reply {
    @Override
    public Trail trail() {
      return Trail.NONE;
    }

    @Override
    public Taken with(Trail other) {
      return this;
    }
  }

  /** Whose fault it is that there are no answers. */
  enum Cause {
    MAKEFILES,
    /** A limit; the machine may have been slow. */
    LIMIT,
    /** Somebody ended make or took its room, be it another port of the same jail. */
    KILLED
  }

  /**
   * make's own record of one run.
   *
   * @param whole whether it was kept to the end
   * @param searched names that make looked for, as it wrote them
   * @param read makefiles that were opened, where make was asked to say so
   * @param commands that makefiles ran
   */
  record Trail(boolean whole, List<String> searched, List<String> read, List<Ran> commands) {
    static final Trail NONE = new Trail(false, List.of(), List.of(), List.of());

    public Trail {
      searched = List.copyOf(searched);
      read = List.copyOf(read);
      commands = List.copyOf(commands);
    }
  }

  /** A command and the folder it was run in. */
  record Ran(String folder, String command) {}
}
