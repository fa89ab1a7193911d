package org.slipway;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.packages.Origin;

/**
 * What a word of a file may look like and what it means.
 *
 * @param expected in words, after "expected"
 * @param reading throws IllegalArgumentException for another word, UnsupportedOperationException with a sentence for one
 *     that only a later version understands
 */
record Form<T>(String expected, Function<String, T> reading) {
  private static final Map<String, Long> SECONDS =
      Map.of("s", 1L, "m", 60L, "h", 3600L, "d", 86400L);

  /** A duration of one unit: seconds, minutes, hours or days; at least a second, at most a year. */
  static final Form<Duration> DURATION =
      new Form<>("a duration such as 30s, 15m, 6h or 2d", Form::duration);

  /** A size in bytes, in powers of 1024. */
  static final Form<Long> SIZE = new Form<>("a size such as 512m, 8g or 1t", Form::size);

  static final Form<Integer> PERCENT =
      new Form<>("a whole percentage from 0% to 100%", Form::percent);

  /** An option of a port. */
  static final Form<Boolean> SWITCH =
      new Form<>("on or off", word -> either(word, Set.of("on", "true"), Set.of("off", "false")));

  /** A yes or no of the farm's own. */
  static final Form<Boolean> TRUTH =
      new Form<>("true or false", word -> either(word, Set.of("true"), Set.of("false")));

  static final Form<Origin> ORIGIN = new Form<>("an origin such as www/haproxy", Origin::parse);

  static final Form<String> OPTION =
      matching("an option's name such as DOCS or GSSAPI_BASE", "[A-Za-z0-9_]{1,64}");

  static final Form<URI> WEB_ADDRESS =
      new Form<>("an address that starts with http:// or https://", Form::webAddress);

  /** A path; a relative one starts from a folder. */
  static Form<Path> path(Path from) {
    return new Form<>("a path", word -> {
      require(!word.isEmpty() && word.chars().noneMatch(Character::isISOControl));
      return from.resolve(word);
    });
  }

  /** A word that a pattern describes. */
  static Form<String> matching(String expected, String pattern) {
    return new Form<>(expected, word -> {
      require(word.matches(pattern));
      return word;
    });
  }

  /** A whole number within limits. */
  static Form<Integer> number(int least, int most) {
    return new Form<>("a whole number from " + least + " to " + most, word -> {
      int number = Integer.parseInt(word);
      require(least <= number && number <= most);
      return number;
    });
  }

  T read(String word) {
    return reading.apply(word);
  }

  static void require(boolean fits) {
    if (!fits) {
      throw new IllegalArgumentException("another form");
    }
  }

  private static Duration duration(String word) {
    Matcher parts = Pattern.compile("([0-9]{1,8})([smhd])").matcher(word);
    require(parts.matches());
    long unit = SECONDS.getOrDefault(parts.group(2), 0L);
    Duration duration = Duration.ofSeconds(Long.parseLong(parts.group(1)) * unit);
    require(!duration.isZero() && duration.toDays() <= 366);
    return duration;
  }

  private static Long size(String word) {
    Matcher parts = Pattern.compile("([0-9]{1,7})([kmgt])").matcher(word.toLowerCase(Locale.ROOT));
    require(parts.matches());
    long size = Long.parseLong(parts.group(1)) << (10 * (1 + "kmgt".indexOf(parts.group(2))));
    require(size > 0);
    return size;
  }

  private static Integer percent(String word) {
    require(word.matches("[0-9]{1,3}%"));
    int percent = Integer.parseInt(word.substring(0, word.length() - 1));
    require(percent <= 100);
    return percent;
  }

  private static Boolean either(String word, Set<String> yes, Set<String> no) {
    require(yes.contains(word) || no.contains(word));
    return yes.contains(word);
  }

  private static URI webAddress(String word) {
    URI address = URI.create(word);
    require("http".equals(address.getScheme()) || "https".equals(address.getScheme()));
    require(address.getHost() != null && address.getUserInfo() == null);
    require(address.getQuery() == null && address.getFragment() == null);
    return address;
  }
}
