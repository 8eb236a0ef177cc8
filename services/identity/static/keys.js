// Lets the browser ask the machine's own key (WebAuthn). Without a script nothing here is needed but this.
"use strict";

(() => {
  const post = (address, body) =>
    fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    }).then(async (reply) => {
      const found = await reply.json();
      if (!reply.ok) throw new Error(found.message || "请求没有成功");
      return found;
    });

  const say = (text) => {
    const place = document.getElementById("key-says");
    if (place) place.textContent = text;
  };

  const why = (error) =>
    error.name === "NotAllowedError" ? "没有完成验证，请重试" :
    error.name === "InvalidStateError" ? "这台机器已经登记过了" : error.message;

  const signIn = async (form) => {
    const options = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(form.dataset.options));
    const answer = await navigator.credentials.get({ publicKey: options });
    form.elements.assertion.value = JSON.stringify(answer.toJSON());
    form.submit();
  };

  const register = async (form) => {
    const invited = await post("/identity/devices/invitations", {});
    const options = PublicKeyCredential.parseCreationOptionsFromJSON(invited.options);
    const answer = await navigator.credentials.create({ publicKey: options });
    const label = form.elements.label.value;
    await post("/identity/devices", { ticket: invited.ticket, credential: answer.toJSON(), label });
    await fetch("/identity/tokens/renew", { method: "POST" });
    window.location.assign("/identity/security");
  };

  const use = (id, action) => {
    const form = document.getElementById(id);
    if (!form) return;
    if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) {
      say("这个浏览器不能使用机器登记，请换用较新的浏览器");
      return;
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      say("请按浏览器的提示操作……");
      action(form).catch((error) => say(why(error)));
    });
  };

  use("key-sign-in", signIn);
  use("key-register", register);
})();
