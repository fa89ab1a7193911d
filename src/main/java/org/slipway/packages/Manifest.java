package org.slipway.packages;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a package says of itself (pkg's manifest without files and scripts, which are
 * {@link PackageContent}'s).
 *
 * @param licenselogic {@code single}, {@code and} or {@code or}; empty where nothing is said
 * @param depFormula pkg's {@code dep_formula}, as it was written
 * @param shlibsRequiredIgnore libraries that the binaries name and the package does not ask for
 * @param shlibsProvidedIgnore libraries of the package that are nobody else's to use
 * @param deps by package base name
 * @param options name to on or off
 * @param messages what pkg shows a person
 * @param vital whether pkg refuses to remove it unasked
 */
public record Manifest(
    PackageName name,
    Origin origin,
    String comment,
    String desc,
    String maintainer,
    String www,
    String prefix,
    Abi abi,
    String licenselogic,
    Optional<String> depFormula,
    List<String> licenses,
    List<String> categories,
    List<String> users,
    List<String> groups,
    List<String> shlibsRequired,
    List<String> shlibsProvided,
    List<String> shlibsRequiredIgnore,
    List<String> shlibsProvidedIgnore,
    List<String> conflicts,
    List<String> provides,
    List<String> requires,
    Map<String, Dependency> deps,
    Map<String, Boolean> options,
    Map<String, String> annotations,
    List<Message> messages,
    boolean vital) {

  /** One entry of deps. */
  public record Dependency(Origin origin, String version) {}

  /**
   * A text shown at installation, or only at the occasion that is named.
   *
   * @param type {@code install}, {@code remove} or {@code upgrade}
   * @param minimumVersion shown when upgrading from this version or a newer one
   * @param maximumVersion shown when upgrading from an older version
   */
  public record Message(
      String text,
      Optional<String> type,
      Optional<String> minimumVersion,
      Optional<String> maximumVersion) {
    /** A text that is always shown. */
    public static Message of(String text) {
      return new Message(text, Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  public Manifest {
    if (!licenselogic.matches("(single|and|or)?")) {
      throw new IllegalArgumentException(
          "\"" + licenselogic + "\" is no licenselogic; it is single, and, or or");
    }
    licenses = List.copyOf(licenses);
    categories = List.copyOf(categories);
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    shlibsRequired = List.copyOf(shlibsRequired);
    shlibsProvided = List.copyOf(shlibsProvided);
    shlibsRequiredIgnore = List.copyOf(shlibsRequiredIgnore);
    shlibsProvidedIgnore = List.copyOf(shlibsProvidedIgnore);
    conflicts = List.copyOf(conflicts);
    provides = List.copyOf(provides);
    requires = List.copyOf(requires);
    deps = Collections.unmodifiableMap(new TreeMap<>(deps));
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    messages = List.copyOf(messages);
  }

  /** A manifest with what every package must say; the rest is empty. */
  public static Manifest of(PackageName name, Origin origin, String comment, Abi abi) {
    return new ManifestDraft(name, origin, comment, abi).build();
  }

  /** The same with what the farm knows: what it depends on, and notes. */
  public Manifest with(Map<String, Dependency> newDeps, Map<String, String> newAnnotations) {
    ManifestDraft draft = new ManifestDraft(this);
    draft.deps = newDeps;
    draft.annotations = newAnnotations;
    return draft.build();
  }

  /** The same with these messages after its own, as a plist's keywords add them. */
  public Manifest withMessages(List<Message> more) {
    if (more.isEmpty()) {
      return this;
    }
    ManifestDraft draft = new ManifestDraft(this);
    draft.messages = Stream.concat(messages.stream(), more.stream()).toList();
    return draft.build();
  }

  /** The same with what the files themselves told. */
  Manifest withBinaries(Abi newAbi, List<String> required, List<String> provided) {
    ManifestDraft draft = new ManifestDraft(this);
    draft.abi = newAbi;
    draft.shlibsRequired = required;
    draft.shlibsProvided = provided;
    return draft.build();
  }
}
