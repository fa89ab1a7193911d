package org.slipway.packages;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A manifest in the making; what nobody sets is empty. */
final class ManifestDraft {
  PackageName name;
  Origin origin;
  String comment;
  String desc;
  String maintainer = "ports@localhost";
  String www = "UNKNOWN";
  String prefix = "/usr/local";
  Abi abi;
  String licenselogic = "single";
  Optional<String> depFormula = Optional.empty();
  List<String> licenses = List.of();
  List<String> categories;
  List<String> users = List.of();
  List<String> groups = List.of();
  List<String> shlibsRequired = List.of();
  List<String> shlibsProvided = List.of();
  List<String> shlibsRequiredIgnore = List.of();
  List<String> shlibsProvidedIgnore = List.of();
  List<String> conflicts = List.of();
  List<String> provides = List.of();
  List<String> requires = List.of();
  Map<String, Manifest.Dependency> deps = Map.of();
  Map<String, Boolean> options = Map.of();
  Map<String, String> annotations = Map.of();
  List<Manifest.Message> messages = List.of();
  boolean vital = false;

  /** Starts with what every package must say. */
  ManifestDraft(PackageName name, Origin origin, String comment, Abi abi) {
    this.name = name;
    this.origin = origin;
    this.comment = comment;
    this.abi = abi;
    this.desc = comment;
    this.categories = List.of(origin.category());
  }

  /** Starts with all that another manifest says. */
  ManifestDraft(Manifest manifest) {
    this.name = manifest.name();
    this.origin = manifest.origin();
    this.comment = manifest.comment();
    this.desc = manifest.desc();
    this.maintainer = manifest.maintainer();
    this.www = manifest.www();
    this.prefix = manifest.prefix();
    this.abi = manifest.abi();
    this.licenselogic = manifest.licenselogic();
    this.depFormula = manifest.depFormula();
    this.licenses = manifest.licenses();
    this.categories = manifest.categories();
    this.users = manifest.users();
    this.groups = manifest.groups();
    this.shlibsRequired = manifest.shlibsRequired();
    this.shlibsProvided = manifest.shlibsProvided();
    this.shlibsRequiredIgnore = manifest.shlibsRequiredIgnore();
    this.shlibsProvidedIgnore = manifest.shlibsProvidedIgnore();
    this.conflicts = manifest.conflicts();
    this.provides = manifest.provides();
    this.requires = manifest.requires();
    this.deps = manifest.deps();
    this.options = manifest.options();
    this.annotations = manifest.annotations();
    this.messages = manifest.messages();
    this.vital = manifest.vital();
  }

  Manifest build() {
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
        depFormula,
        licenses,
        categories,
        users,
        groups,
        shlibsRequired,
        shlibsProvided,
        shlibsRequiredIgnore,
        shlibsProvidedIgnore,
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
