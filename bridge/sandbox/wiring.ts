import { channelRoutes } from "./admin/channels.js";
import { contactRoutes } from "./admin/contacts.js";
import { faultRoutes } from "./admin/faults.js";
import { groupRoutes } from "./admin/groups.js";
import { AdminRouter } from "./admin/http.js";
import { ledgerRoutes } from "./admin/ledger.js";
import { pairingRoutes } from "./admin/pairing.js";
import { peopleRoutes } from "./admin/people.js";
import { presenceRoutes } from "./admin/presence.js";
import { sendRoutes } from "./admin/sends.js";
import { statusRoutes } from "./admin/status.js";
import { accountHandlers } from "./iq/account.js";
import { appStateHandler } from "./iq/appstate.js";
import { channelQueries } from "./iq/channelmex.js";
import { channelHandler } from "./iq/channels.js";
import { deviceHandlers } from "./iq/device.js";
import { encryptHandler } from "./iq/encrypt.js";
import { groupHandler } from "./iq/groups.js";
import { mexHandler } from "./iq/mex.js";
import { pictureHandler } from "./iq/picture.js";
import type { IqHandler } from "./iq/request.js";
import { usyncHandler } from "./iq/usync.js";
import type { Log } from "./log.js";
import type { Uplink } from "./phone/parts.js";
import type { PhoneRecord } from "./phone/phone.js";
import { Phones } from "./phone/phones.js";
import { Channeling } from "./service/channeling.js";
import { Delivery } from "./service/delivery.js";
import { Dispatch } from "./service/dispatch.js";
import { Grouping } from "./service/grouping.js";
import { Logins } from "./service/login.js";
import { MediaHttp, type MediaHost } from "./service/mediahttp.js";
import { Messages } from "./service/messages.js";
import { Pairing } from "./service/pairing.js";
import { Pictures } from "./service/pictures.js";
import { Presences } from "./service/presence.js";
import { Receipts } from "./service/receipts.js";
import { Unlinker } from "./service/unlink.js";
import type { Settings } from "./settings.js";
import type { SandboxKeys } from "./wire/keys.js";
import { Channels, type ChannelRecord } from "./world/channels.js";
import { Directory } from "./world/directory.js";
import { Faults } from "./world/faults.js";
import { Groups, type GroupRecord } from "./world/groups.js";
import { Ledger } from "./world/ledger.js";
import { MediaStore } from "./world/media.js";
import type { PersonRecord } from "./world/person.js";
import { Sends } from "./world/sends.js";
import { StateFiles } from "./world/state.js";

/** What exists: people, groups, files, and the record of what was said. */
export interface World {
  ledger: Ledger;
  sends: Sends;
  faults: Faults;
  directory: Directory;
  groups: Groups;
  channels: Channels;
  media: MediaStore;
  state: StateFiles;
  phones: Phones;
}

/** What happens in it. */
export interface Services {
  delivery: Delivery;
  logins: Logins;
  messages: Messages;
  pairing: Pairing;
  pictures: Pictures;
  presences: Presences;
  grouping: Grouping;
  channeling: Channeling;
  unlinker: Unlinker;
  dispatch: Dispatch;
  mediaHttp: MediaHttp;
}

/** Makes the world; the uplink leads from the mock phones to services made later. */
export function makeWorld(settings: Settings, mediaHost: MediaHost, uplink: Uplink, log: Log): World {
  const state = new StateFiles(settings.dir, log);
  const directory = new Directory((person) => {
    state.touch("people", person.number, () => ({ ...person.toJSON(), phone: phones.existing(person)?.toJSON() }));
  });
  const groups = new Groups((group) => { state.touch("groups", group.data.id, () => group.toJSON()); });
  const channels = new Channels(
    (channel) => { state.touch("channels", channel.data.id, () => channel.toJSON()); },
    (channel) => { state.forget("channels", channel.data.id); },
  );
  const media = new MediaStore(settings.dir === undefined ? undefined : `${settings.dir}/media`);
  const sends = new Sends();
  const phones = new Phones({ directory, groups, media, mediaHost, uplink, sends, receiptDelayMs: settings.receiptDelayMs, log });
  const ledger = new Ledger({ entries: settings.ledgerEntries, bytes: settings.ledgerBytes });
  return { ledger, sends, faults: new Faults(), directory, groups, channels, media, state, phones };
}

/** Loads what an earlier process saved. */
export async function restoreWorld({ directory, groups, channels, media, state, phones }: World): Promise<void> {
  await state.open();
  await media.open();
  const people = (await state.load("people")) as PersonRecord[];
  directory.restore(people);
  for (const record of people) {
    const person = directory.entry(record.number);
    if (person && record.phone) phones.restore(person, record.phone as PhoneRecord);
  }
  groups.restore((await state.load("groups")) as GroupRecord[]);
  channels.restore((await state.load("channels")) as ChannelRecord[]);
}

/** Makes what handles stanzas, and the uplink of the mock phones. */
export function makeServices(world: World, settings: Settings, mediaHost: MediaHost, log: Log): Services & { uplink: Uplink } {
  const { directory, groups, channels, media, phones, faults, sends } = world;
  const delivery = new Delivery(phones, directory, faults);
  const channeling = new Channeling(directory, channels, delivery, media);
  const messages = new Messages(directory, groups, delivery, faults, sends, channeling);
  const receipts = new Receipts(directory, groups, delivery, sends);
  const presences = new Presences(directory, groups, delivery, phones);
  const grouping = new Grouping(directory, groups, delivery);
  const pictures = new Pictures(groups, grouping, delivery, media);
  const logins = new Logins(directory, phones, faults, (person) => { presences.announce(person); }, log);
  const unlinker = new Unlinker(logins, delivery);
  const handlers = new Map<string, IqHandler>([
    ["encrypt", encryptHandler(directory, phones, settings.claimFullPreKeyStock)],
    ["usync", usyncHandler(directory, delivery)],
    ["w:sync:app:state", appStateHandler(delivery)],
    ["w:g2", groupHandler(directory, groups, grouping)],
    ["w:profile:picture", pictureHandler(directory, groups, pictures, mediaHost)],
    ["w:mex", mexHandler(faults, channelQueries(directory, channels, channeling))],
    ["newsletter", channelHandler(channeling)],
    ...accountHandlers(directory, delivery),
    ...deviceHandlers(directory, logins, (person, device) => unlinker.unlink(person, device), mediaHost),
  ]);
  return {
    delivery, logins, messages, pictures, presences, grouping, channeling, unlinker,
    pairing: new Pairing(directory, phones, delivery, faults, settings, log),
    dispatch: new Dispatch(handlers, messages, receipts, presences, faults, log),
    mediaHttp: new MediaHttp(media, mediaHost, faults, log),
    uplink: {
      message: (person, stanza) => void messages.relay({ person, device: 0 }, stanza),
      receipt: (person, stanza) => { receipts.forward({ person, device: 0 }, stanza); },
    },
  };
}

/** The admin interface over all of it. */
export function makeAdmin(
  world: World,
  services: Services,
  keys: SandboxKeys,
  mediaHost: MediaHost,
  reset: () => Promise<void>,
  log: Log,
): AdminRouter {
  const { directory, groups, media, phones, faults, ledger } = world;
  const { logins, pairing, grouping, pictures, presences, delivery, unlinker } = services;
  const router = new AdminRouter(log);
  const people = { directory, phones, media, mediaHost };
  pairingRoutes(router, pairing);
  contactRoutes(router, people, pictures);
  peopleRoutes(router, people);
  presenceRoutes(router, people, presences, delivery, unlinker);
  groupRoutes(router, people, groups, grouping, pictures);
  channelRoutes(router, people, world.channels, services.channeling);
  faultRoutes(router, faults, logins);
  ledgerRoutes(router, ledger);
  sendRoutes(router, world.sends);
  statusRoutes(router, {
    directory, logins, ledger, rootKey: keys.root.public.toString("hex"), certificate: keys.tls.cert, reset,
  });
  return router;
}
