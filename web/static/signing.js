// Signs a document with the parent's own key through NCALayer, the program that holds the key on the parent's computer.
//
// The page gives a form[data-signing] (templates/signing/widget.html). Its data attributes say which kind of key is wanted
// (AUTH or SIGN), where NCALayer is, where the key is described, and, at login, where the document to sign is asked for.
// The password is asked by NCALayer, never here. Every sentence comes from the page, in the page's language.

const NO_ADDRESS = "https://:"; // the client looks for another program by HTTP; we have one foreign address only
const PATIENCE_MS = 60_000; // the browser may first ask the parent whether this page may speak to the computer

const SIGNERS = {
  AUTH: (client) => client.basicsSignerAuthPerson,
  SIGN: (client) => client.basicsSignerSignPerson,
};

/** What went wrong: the name of a sentence of the page, or a sentence that the server has sent. */
class Failed extends Error {
  constructor(name, sentence = "") {
    super(name);
    this.sentence = sentence;
  }
}

/** The server's answer to a form; a session that has ended leads to the login page and back. */
async function ask(url, fields) {
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields) });
  } catch {
    throw new Failed("away");
  }
  if (answer.redirected) {
    window.location.reload();
    throw new Failed("waiting");
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Failed("away", told.problem);
  }
  return answer;
}

async function connect(client) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Failed("absent")), PATIENCE_MS);
  });
  try {
    await Promise.race([client.connect(), silence]);
  } catch {
    throw new Failed("absent");
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error) {
  if (error instanceof Failed) return error;
  if (error.canceledByUser) return new Failed("cancelled");
  return new Failed(/password/i.test(error.message) ? "password" : "failed");
}

/** The document with its signature. Failed: absent, cancelled, password, failed. */
async function sign(xml, { address, kind, store, lang }) {
  const Client = window.NCALayerClient;
  if (!Client) throw new Failed("failed");
  const client = new Client(address, false);
  client.kmdHttpApiUrl = NO_ADDRESS;
  try {
    await connect(client);
    const signed = await client.basicsSignXML([store], xml, Client.basicsXMLParams, SIGNERS[kind](Client), lang);
    return Array.isArray(signed) ? signed[0] : signed;
  } catch (error) {
    throw reasonOf(error);
  } finally {
    client.wsConnection?.close();
  }
}

class Signing {
  constructor(form) {
    this.form = form;
    this.busy = false;
    this.sent = false;
    this.part("controls").hidden = false;
    this.part("choose").addEventListener("click", () => this.choose());
    this.part("clear").addEventListener("click", () => this.startAgain());
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("pageshow", (event) => event.persisted && this.clear());
  }

  part(name) {
    return this.form.querySelector(`[data-part="${name}"]`);
  }

  async choose() {
    if (this.busy || this.sent) return;
    this.clear();
    this.work(true);
    this.show("status", "waiting");
    try {
      const { ncalayer: address, signing: kind } = this.form.dataset;
      const store = this.part("store").value;
      const signed = await sign(await this.document(), { address, kind, store, lang: document.documentElement.lang });
      await this.describe(signed);
    } catch (error) {
      const reason = error instanceof Failed ? error : new Failed("failed");
      this.clear();
      this.show("problem", reason.message, reason.sentence);
    } finally {
      this.work(false);
    }
  }

  /** What is to be signed: given by the page, or asked for now. */
  async document() {
    const given = this.part("document");
    if (given) return given.value;
    const told = await (await ask(this.form.dataset.challengeUrl, {})).json();
    this.form.elements.challenge_id.value = told.challenge_id;
    return told.xml;
  }

  /** Shows the key that has signed; a key of the wrong kind cannot be sent. */
  async describe(signed) {
    const answer = await ask(this.form.dataset.keyUrl, { signed_xml: signed, kind: this.form.dataset.signing });
    const key = this.part("key");
    key.innerHTML = await answer.text();
    this.part("status").replaceChildren();
    const fits = !key.querySelector("[data-unfit]");
    this.form.elements.signed_xml.value = fits ? signed : "";
    this.part("send").hidden = !fits;
    key.querySelector("[tabindex]").focus();
  }

  submit(event) {
    if (this.sent || !this.form.elements.signed_xml.value) {
      event.preventDefault();
      return;
    }
    this.sent = true;
    this.part("send").setAttribute("aria-busy", "true");
  }

  startAgain() {
    this.clear();
    this.part("choose").focus();
  }

  clear() {
    this.sent = false;
    this.form.elements.signed_xml.value = "";
    for (const name of ["key", "status", "problem"]) this.part(name).replaceChildren();
    this.part("send").hidden = true;
    this.part("send").removeAttribute("aria-busy");
  }

  work(busy) {
    this.busy = busy;
    this.part("choose").setAttribute("aria-disabled", String(busy));
  }

  show(where, name, sentence = "") {
    const said = this.form.querySelector(`template[data-said="${name}"]`).content.cloneNode(true);
    if (sentence) said.firstElementChild.textContent = sentence;
    this.part(where).replaceChildren(said);
  }
}

for (const form of document.querySelectorAll("form[data-signing]")) new Signing(form);
