package org.slipway.packages;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a package says of itself (pkg's manifest without files and scripts, which are
 * {@link PackageContent}'s).
 *
 * @param licenselogic {@code single}, {@code and} or {@code or}
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
    List<String> licenses,
    List<String> categories,
    List<String> users,
    List<String> groups,
    List<String> shlibsRequired,
    List<String> shlibsProvided,
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
    if (!licenselogic.matches("single|and|or")) {
      throw new IllegalArgumentException(
          "\"" + licenselogic + "\" is no licenselogic; it is single, and, or or");
    }
    licenses = List.copyOf(licenses);
    categories = List.copyOf(categories);
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    shlibsRequired = List.copyOf(shlibsRequired);
    shlibsProvided = List.copyOf(shlibsProvided);
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
    return new Manifest(
        name,
        origin,
        comment,
        comment,
        "ports@localhost",
        "UNKNOWN",
        "/usr/local",
        abi,
        "single",
        List.of(),
        List.of(origin.category()),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        false);
  }

  /** The same with what the farm knows: what it depends on, and notes. */
  public Manifest with(Map<String, Dependency> newDeps, Map<String, String> newAnnotations) {
    return new Manifest(
        name,
        origin,
        comment,
        desc,
        maintainer,
        www,
        prefix,
        abi,
        licenselogic,
        licenses,
        categories,
        users,
        groups,
        shlibsRequired,
        shlibsProvided,
        conflicts,
        provides,
        requires,
        newDeps,
        options,
        newAnnotations,
        messages,
        vital);
  }

  /** The same with what the files themselves told. */
  Manifest withBinaries(Abi newAbi, List<String> required, List<String> provided) {
    return new Manifest(
        name,
        origin,
        comment,
        desc,
        maintainer,
        www,
        prefix,
        newAbi,
        licenselogic,
        licenses,
        categories,
        users,
        groups,
        required,
        provided,
        conflicts,
        provides,
        requires,
        deps,
        options,
        annotations,
        messages,
        vital);
  }
}
