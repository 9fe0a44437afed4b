import { Words } from "../shared/i18n.js";

const words = new Words({ en: { title: "WhatsApp gateway" }, "pt-BR": { title: "Gateway de WhatsApp" } });
document.documentElement.lang = words.language;
document.title = words.text("title");
