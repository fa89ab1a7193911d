package org.slipway.schedule;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.quartz.CronScheduleBuilder;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.spi.JobFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;
import org.slipway.store.FarmStore;

/**
 * One Quartz scheduler with its jobs in the farm's database. A task that is due is a durable job with recovery requested; all
 * due tasks share one fire time and ignore misfires, so that their priority alone orders them.
 */
final class Engine implements AutoCloseable {
  /** Every due task has this fire time: Quartz orders by time first. */
  private static final Date DUE = Date.from(Instant.EPOCH.plus(Duration.ofDays(1)));

  /** What a Quartz job calls; the words are those it was added with. */
  interface Task {
    void run(Map<String, String> words) throws InterruptedException;
  }

  private final Scheduler scheduler;

  private Engine(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * @param name tells schedulers in one database apart: a node takes only what its names offer
   * @param threads tasks at once
   * @param tasks by kind, which is the Quartz group
   */
  static Engine open(String name, int threads, FarmStore store, Map<String, Task> tasks)
      throws FarmException {
    try {
      // Quartz finds its connections by a name that the whole process shares.
      String source = name + "/" + System.identityHashCode(store);
      DBConnectionManager.getInstance()
          .addConnectionProvider(source, new Connections(store.dataSource()));
      Scheduler scheduler = create(properties(name, threads, source, store.postgres()));
      scheduler.setJobFactory(factory(tasks));
      return new Engine(scheduler);
    } catch (SchedulerException e) {
      throw new FarmException("the scheduler \"" + name + "\" did not start: " + e.getMessage(), e);
    }
  }

  /** Quartz would hand out another farm's scheduler of the same name in this process: it is taken off Quartz's list. */
  private static Scheduler create(Properties properties) throws SchedulerException {
    synchronized (Engine.class) {
      Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
      SchedulerRepository.getInstance().remove(scheduler.getSchedulerName());
      return scheduler;
    }
  }

  private static Properties properties(String name, int threads, String source, boolean postgres) {
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", name);
    properties.setProperty("org.quartz.scheduler.instanceId", "AUTO");
    properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(threads));
    properties.setProperty("org.quartz.threadPool.threadNamePrefix", name);
    properties.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    properties.setProperty(
        "org.quartz.jobStore.driverDelegateClass",
        postgres
            ? "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate"
            : "org.quartz.impl.jdbcjobstore.StdJDBCDelegate");
    properties.setProperty("org.quartz.jobStore.useProperties", "true");
    properties.setProperty("org.quartz.jobStore.dataSource", source);
    return properties;
  }

  private static JobFactory factory(Map<String, Task> tasks) {
    return (bundle, scheduler) -> {
      Task task = tasks.get(bundle.getJobDetail().getKey().getGroup());
      if (task == null) {
        throw new SchedulerException("nothing does " + bundle.getJobDetail().getKey());
      }
      return new QuartzTask(task);
    };
  }

  /** Starts taking tasks. */
  void start() throws FarmException {
    act("start", scheduler::start);
  }

  /** Forgets all tasks of a kind: what a farm that was killed had queued is queued anew from the store. */
  void clear(String kind) throws FarmException {
    act(
        "clear " + kind,
        () -> scheduler.deleteJobs(
            List.copyOf(scheduler.getJobKeys(GroupMatcher.jobGroupEquals(kind)))));
  }

  /** Ends a task that was to be repeated; the run that is going on goes on. */
  void end(String kind, String name) throws FarmException {
    act("end " + name, () -> scheduler.deleteJob(JobKey.jobKey(name, kind)));
  }

  /** Queues a task to run as soon as a thread is free; one that is queued under this name already is replaced. */
  void submit(String kind, String name, Map<String, String> words, int priority)
      throws FarmException {
    schedule(
        kind,
        name,
        words,
        TriggerBuilder.newTrigger()
            .startAt(DUE)
            .withPriority(priority)
            .withSchedule(SimpleScheduleBuilder.simpleSchedule()
                .withMisfireHandlingInstructionIgnoreMisfires()));
  }

  /** Queues a task to run once, after a while; one that is queued under this name already is replaced. */
  void later(String kind, String name, Map<String, String> words, Duration wait)
      throws FarmException {
    schedule(
        kind,
        name,
        words,
        TriggerBuilder.newTrigger()
            .startAt(Date.from(Instant.now().plus(wait)))
            .withSchedule(
                SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow()));
  }

  /** Runs a task again and again, at once for the first time. */
  void repeat(String kind, String name, Map<String, String> words, Duration every)
      throws FarmException {
    schedule(
        kind,
        name,
        words,
        TriggerBuilder.newTrigger()
            .startNow()
            .withSchedule(SimpleScheduleBuilder.simpleSchedule()
                .withIntervalInMilliseconds(every.toMillis())
                .repeatForever()
                .withMisfireHandlingInstructionNextWithRemainingCount()));
  }

  /** Runs a task by a Quartz cron expression, in the host's time zone. */
  void cron(String kind, String name, Map<String, String> words, String expression)
      throws FarmException {
    schedule(
        kind,
        name,
        words,
        TriggerBuilder.newTrigger()
            .withSchedule(CronScheduleBuilder.cronSchedule(expression)
                .withMisfireHandlingInstructionFireAndProceed()));
  }

  private void schedule(
      String kind, String name, Map<String, String> words, TriggerBuilder<? extends Trigger> when)
      throws FarmException {
    JobDetail job = job(kind, name, words);
    Trigger trigger =
        when.withIdentity(TriggerKey.triggerKey(name, kind)).forJob(job).build();
    act("queue " + name, () -> scheduler.scheduleJob(job, Set.of(trigger), true));
  }

  private static JobDetail job(String kind, String name, Map<String, String> words) {
    JobDataMap data = new JobDataMap();
    data.putAll(words);
    return JobBuilder.newJob(QuartzTask.class)
        .withIdentity(JobKey.jobKey(name, kind))
        .usingJobData(data)
        .storeDurably(false)
        .requestRecovery()
        .build();
  }

  /** Takes no more tasks. */
  void pause() {
    try {
      scheduler.standby();
    } catch (SchedulerException e) {
      throw new IllegalStateException("the scheduler did not pause: " + e.getMessage(), e);
    }
  }

  /** Ends it once the tasks that run have ended. */
  @Override
  public void close() {
    try {
      scheduler.shutdown(true);
    } catch (SchedulerException e) {
      throw new IllegalStateException("the scheduler did not stop: " + e.getMessage(), e);
    }
  }

  private interface Action {
    void run() throws SchedulerException;
  }

  private static void act(String what, Action action) throws FarmException {
    try {
      action.run();
    } catch (SchedulerException e) {
      throw new FarmException("the scheduler could not " + what + ": " + e.getMessage(), e);
    }
  }

  /** Quartz's side of a task. One at a time under one name, for a poll must not overtake itself. */
  @org.quartz.DisallowConcurrentExecution
  static final class QuartzTask implements org.quartz.Job {
    private final Task task;

    QuartzTask(Task task) {
      this.task = task;
    }

    @Override
    public void execute(JobExecutionContext context) throws JobExecutionException {
      try {
        Map<String, String> words = new TreeMap<>();
        context
            .getMergedJobDataMap()
            .forEach((key, value) -> words.put(key, String.valueOf(value)));
        task.run(words);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        org.slf4j.LoggerFactory.getLogger(Engine.class)
            .error("{} failed: {}", context.getJobDetail().getKey(), e.getMessage(), e);
        throw new JobExecutionException(e, false);
      }
    }
  }

  /** The farm's own connection pool, lent to Quartz. */
  private record Connections(DataSource source) implements ConnectionProvider {
    @Override
    public Connection getConnection() throws SQLException {
      return source.getConnection();
    }

    @Override
    public void initialize() {}

    @Override
    public void shutdown() {}
  }
}
