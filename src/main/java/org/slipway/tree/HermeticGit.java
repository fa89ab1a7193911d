package org.slipway.tree;

import java.io.File;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * JGit without the user's and the system's settings: a farm's answers must not hang on who started
 * it, and its home may be a place where nothing can be written. Repositories are still read with
 * their own settings.
 */
final class HermeticGit extends SystemReader.Delegate {
  private static final HermeticGit INSTANCE = new HermeticGit(SystemReader.getInstance());

  private HermeticGit(SystemReader host) {
    super(host);
  }

  /** Puts it in place for the whole program; JGit knows one reader only. */
  static void install() {
    if (SystemReader.getInstance() != INSTANCE) {
      SystemReader.setInstance(INSTANCE);
    }
  }

  /** Git's own variables are the user's settings too: GIT_DIR, GIT_CONFIG_COUNT and their like. */
  @Override
  public @Nullable String getenv(String variable) {
    return variable.toUpperCase(Locale.ROOT).startsWith("GIT_") ? null : super.getenv(variable);
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new NoSettings(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new NoSettings(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new NoSettings(parent, fs);
  }

  /**
   * Settings that are nowhere: nothing to read, nothing to write. One answer stands: how exact the
   * times of files are. JGit would measure it, with files of its own in the repository and for
   * seconds at full load, at each start.
   */
  private static final class NoSettings extends FileBasedConfig {
    /** What JGit takes where it cannot measure: a file younger than this is looked at again. */
    private static final Duration FILE_TIMES = Duration.ofSeconds(2);

    NoSettings(Config parent, FS fs) {
      super(parent, new File("no-git-settings"), fs);
    }

    @Override
    public void load() {
      // There is no file.
    }

    @Override
    public void save() {
      // There is no file.
    }

    @Override
    public long getTimeUnit(
        String section, String subsection, String name, long otherwise, TimeUnit unit) {
      if (!section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)) {
        return super.getTimeUnit(section, subsection, name, otherwise, unit);
      }
      return name.equals(ConfigConstants.CONFIG_KEY_TIMESTAMP_RESOLUTION)
          ? unit.convert(FILE_TIMES)
          : 0;
    }

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
