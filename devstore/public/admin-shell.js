/** The admin around an embedded app: answers what the app's App Bridge asks, and shows what belongs to the admin. */
(() => {
  const { shop, handle, appOrigin } = document.body.dataset;
  const frame = document.querySelector("iframe");
  const part = (id) => document.getElementById(id);

  function send(message) {
    frame.contentWindow.postMessage({ appBridge: 1, ...message }, appOrigin);
  }

  async function call(path, body) {
    const url = `/admin/shell/${path}?${new URLSearchParams({ shop, app: handle })}`;
    const response = await fetch(url, {
      method: body ? "POST" : "GET",
      ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  const asked = {
    idToken: async () => (await call("session-token")).token,
    scopes: ({ action, scopes }) => call("scopes", { action, scopes: scopes ?? [] }),
    resourcePicker: ({ options }) => pickResources(options),
    leaveConfirmation: () => confirmLeaving(),
  };

  /** A page tells its path before its menu, and its menu again whenever that changes. */
  let shownPath = "";
  function markCurrentLink() {
    for (const link of document.querySelectorAll("#menu a")) {
      const isCurrent = new URL(link.dataset.href, location.origin).pathname === shownPath;
      if (isCurrent) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  let asksBeforeDiscard = false;

  const told = {
    navigated({ path }) {
      const url = new URL(path, location.origin);
      url.searchParams.set("shop", shop);
      const search = url.search;
      history.replaceState(null, "", `/admin/apps/${handle}${url.pathname}${search}${url.hash}`);
      shownPath = url.pathname;
      markCurrentLink();
    },
    menu({ links }) {
      part("menu").replaceChildren(
        ...links.map(({ label, href }) => {
          const link = document.createElement("a");
          link.textContent = label;
          link.dataset.href = href;
          link.href = `/admin/apps/${handle}${href}${href.includes("?") ? "&" : "?"}shop=${shop}`;
          link.addEventListener("click", (event) => {
            event.preventDefault();
            send({ type: "navigate", href });
          });
          return link;
        }),
      );
      markCurrentLink();
    },
    titleBar({ title, buttons }) {
      part("title").textContent = title || part("title").dataset.app;
      part("title-buttons").replaceChildren(
        ...buttons.map(({ label, primary, disabled }, index) => {
          const shown = button(label, () => send({ type: "titleButton", index }));
          shown.disabled = disabled;
          shown.classList.toggle("primary", primary);
          return shown;
        }),
      );
    },
    saveBar({ shown, options }) {
      part("save-bar").hidden = !shown;
      asksBeforeDiscard = options?.asksBeforeDiscard === true;
    },
    loading({ isLoading }) {
      part("loading").hidden = !isLoading;
    },
    toast({ toastId, message, duration, isError, action }) {
      const toast = document.createElement("div");
      toast.className = isError ? "toast error" : "toast";
      toast.id = toastId;
      toast.append(message);
      if (action) toast.append(button(action, () => send({ type: "toastEvent", toastId, event: "action" })));
      toast.append(button("Dismiss", () => told.toastHide({ toastId })));
      part("toasts").append(toast);
      setTimeout(() => told.toastHide({ toastId }), duration ?? 5000);
    },
    toastHide({ toastId }) {
      const toast = document.getElementById(toastId);
      if (!toast) return;
      toast.remove();
      send({ type: "toastEvent", toastId, event: "dismiss" });
    },
    openAdmin({ path }) {
      const url = new URL(`/admin${path.startsWith("/themes/") ? path : ""}`, location.origin);
      url.searchParams.set("shop", shop);
      location.assign(url);
    },
  };

  window.addEventListener("message", async (event) => {
    if (event.source !== frame.contentWindow || event.origin !== appOrigin || event.data?.appBridge !== 1)
      return;
    const { type, id } = event.data;
    if (told[type]) told[type](event.data);
    if (!asked[type]) return;
    try {
      send({ type: "answer", id, value: await asked[type](event.data) });
    } catch (error) {
      send({ type: "answer", id, error: String(error.message ?? error) });
    }
  });

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  part("save").addEventListener("click", () => send({ type: "saveBarButton", button: "save" }));
  part("discard").addEventListener("click", async () => {
    if (asksBeforeDiscard && (await show(part("discarding"))) !== "discard") return;
    send({ type: "saveBarButton", button: "discard" });
  });

  /** Resolves when a dialog's form is done: its button's value. */
  function show(dialog) {
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    });
  }

  async function confirmLeaving() {
    if ((await show(part("leaving"))) !== "leave") throw new Error("The merchant stays");
  }

  async function pickResources(options = {}) {
    const { type = "product", multiple = false, selectionIds = [], query = "" } = options;
    const { resources } = await call("resources", { type });
    const list = part("picker-list");
    const search = part("picker-search");
    const chosen = new Set(selectionIds.map(({ id }) => id));
    const draw = () => {
      const wanted = search.value.toLowerCase();
      list.replaceChildren(
        ...resources
          .filter(({ title }) => title.toLowerCase().includes(wanted))
          .slice(0, 100)
          .map((resource) => {
            const label = document.createElement("label");
            const input = document.createElement("input");
            input.type = multiple ? "checkbox" : "radio";
            input.name = "resource";
            input.checked = chosen.has(resource.id);
            input.addEventListener("change", () => {
              if (!multiple) chosen.clear();
              if (input.checked) chosen.add(resource.id);
              else chosen.delete(resource.id);
            });
            label.append(input, resource.title);
            return label;
          }),
      );
    };
    search.value = query;
    search.oninput = draw;
    draw();
    if ((await show(part("picker"))) !== "select") return undefined;
    const selection = resources.filter(({ id }) => chosen.has(id));
    return Object.assign(selection, { selection });
  }
})();
