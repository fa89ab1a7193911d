package org.slipway;

import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a fork is: an address, {@code user@host:path}, or a folder; a relative one starts from HOME. */
final class TreeAddress {
  private static final Set<String> SCHEMES = Set.of("https", "http", "ssh", "git", "file");

  /** git-check-ref-format(1), the parts that people meet. */
  static final Form<String> BRANCH = new Form<>("a branch's name such as main", word -> {
    Form.require(word.matches("[A-Za-z0-9_][A-Za-z0-9_.+/-]{0,254}"));
    Form.require(!word.contains("..") && !word.contains("//") && !word.contains("/."));
    Form.require(!word.endsWith("/") && !word.endsWith(".") && !word.endsWith(".lock"));
    return word;
  });

  private TreeAddress() {}

  static Form<String> form(Path home) {
    return new Form<>(
        "a folder or an address such as https://..., ssh://... or user@host:path",
        word -> address(word, home));
  }

  private static String address(String word, Path home) {
    Form.require(!word.isBlank() && !word.startsWith("-"));
    Form.require(word.codePoints().noneMatch(Character::isISOControl));
    if (word.contains("://")) {
      return checked(URI.create(word)).toString();
    }
    if (word.matches("[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:[^:]+")) {
      return word;
    }
    Form.require(!word.contains(":"));
    return home.resolve(word).normalize().toString();
  }

  private static URI checked(URI address) {
    Form.require(SCHEMES.contains(address.getScheme()));
    if (hasPassword(address.getUserInfo())) {
      throw new UnsupportedOperationException(
          "a password in an address is not supported: pages and logs show addresses;"
              + " use ssh with a key");
    }
    return address;
  }

  /** Over HTTP a user alone may well be a token. */
  private static boolean hasPassword(@Nullable String userInfo) {
    return userInfo != null && userInfo.contains(":");
  }
}
