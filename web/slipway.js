// Keeps an open page true. A page is whole without this: it only fetches the page anew when the farm says that something
// changed, and puts the regions that differ in place of the old ones.
"use strict";

(() => {
  // Between two looks; a page that the farm takes long to draw is asked for less often.
  const PAUSE_MILLIS = 500;
  const body = document.body;
  const badge = document.getElementById("live");
  const skew = Date.parse(body.dataset.now) - Date.now();
  const drawn = new Map();
  let fetching = false;
  let again = false;

  const regions = (page) => page.querySelectorAll("[data-live][id]");
  regions(document).forEach((each) => drawn.set(each.id, each.innerHTML));

  const span = (seconds) => {
    const pad = (n) => String(n).padStart(2, "0");
    if (seconds < 10) return Math.max(0, seconds).toFixed(1) + " s";
    const s = Math.round(seconds);
    if (s < 60) return s + " s";
    if (s < 3600) return Math.floor(s / 60) + " min " + pad(s % 60) + " s";
    const m = Math.floor(s / 60);
    return m < 2880
      ? Math.floor(m / 60) + " h " + pad(m % 60) + " min"
      : Math.floor(m / 1440) + " d " + pad(Math.floor(m / 60) % 24) + " h";
  };

  const ago = (seconds) => {
    if (seconds < 45) return "just now";
    if (seconds < 5400) return Math.round(seconds / 60) + " min ago";
    if (seconds < 129600) return Math.round(seconds / 3600) + " h ago";
    return Math.round(seconds / 86400) + " days ago";
  };

  const tick = () => {
    const now = Date.now() + skew;
    const put = (each, text) => {
      if (each.textContent !== text) each.textContent = text;
    };
    document.querySelectorAll("[data-since]").forEach((each) => {
      const seconds = (now - Date.parse(each.dataset.since)) / 1000;
      put(each, span(seconds < 10 ? Math.floor(Math.max(0, seconds)) : seconds).replace(".0 s", " s"));
    });
    document.querySelectorAll("[data-ago]").forEach((each) => {
      put(each, ago((now - Date.parse(each.dateTime)) / 1000));
    });
  };

  // What a reader opened, shut or scrolled stays as it is.
  const replace = (old, fresh) => {
    const shut = new Map([...old.querySelectorAll("details[id]")].map((each) => [each.id, each.open]));
    const log = old.querySelector("[data-tail]");
    const place = log && {
      top: log.scrollTop,
      left: log.scrollLeft,
      end: log.scrollTop + log.clientHeight >= log.scrollHeight - 40,
    };
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceChildren(...fresh.childNodes);
    old.querySelectorAll("details[id]").forEach((each) => {
      if (shut.has(each.id)) each.open = shut.get(each.id);
    });
    const now = old.querySelector("[data-tail]");
    if (now && place) {
      now.scrollTop = place.end ? now.scrollHeight : place.top;
      now.scrollLeft = place.left;
    }
    if (focused) {
      const same = [...old.querySelectorAll("a[href]")].find((each) => each.getAttribute("href") === focused);
      if (same) same.focus({ preventScroll: true });
    }
  };

  const refresh = async () => {
    if (fetching || document.hidden) {
      again = true;
      return;
    }
    fetching = true;
    again = false;
    const began = performance.now();
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.title = page.title;
      regions(page).forEach((fresh) => {
        const old = document.getElementById(fresh.id);
        const html = fresh.innerHTML;
        if (old && drawn.get(fresh.id) !== html) {
          drawn.set(fresh.id, html);
          replace(old, fresh);
        }
        if (old) {
          if (fresh.dataset.poll) old.dataset.poll = fresh.dataset.poll;
          else delete old.dataset.poll;
        }
      });
      tick();
      if (!page.body.dataset.events && stream) {
        stream.close();
        stream = null;
        badge.hidden = true;
      }
    } catch (failure) {
      say("reconnecting", true);
    } finally {
      setTimeout(() => {
        fetching = false;
        if (again) refresh();
      }, Math.max(PAUSE_MILLIS, 4 * (performance.now() - began)));
    }
  };

  const say = (word, lost) => {
    badge.hidden = false;
    badge.textContent = word;
    badge.classList.toggle("lost", lost);
  };

  let stream = null;
  let broken = false;
  if (body.dataset.events && window.EventSource) {
    stream = new EventSource(body.dataset.events);
    stream.addEventListener("hello", () => {
      say("live", false);
      // What happened while nobody listened.
      if (broken) refresh();
      broken = false;
    });
    stream.addEventListener("change", refresh);
    stream.addEventListener("error", () => {
      broken = true;
      say("reconnecting", true);
    });
    // A page that the browser shows again after a while in the background.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && again) refresh();
    });
  }

  // A log grows without the farm's books changing.
  setInterval(() => {
    if (document.querySelector("[data-poll]")) refresh();
  }, 3000);

  // Copy what is there to be copied, where the browser lets a page do that.
  if (navigator.clipboard && window.isSecureContext) {
    document.querySelectorAll("pre.code").forEach((box) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(box.querySelector("code").textContent);
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy"), 1500);
      });
      box.prepend(button);
    });
  }

  const log = document.querySelector("[data-tail]");
  if (log && !location.search && !/^#L/.test(location.hash)) log.scrollTop = log.scrollHeight;

  tick();
  setInterval(tick, 1000);
})();
