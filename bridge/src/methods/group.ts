/** group.*: groups of a number. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Groups } from "../whatsapp/groups.js";
import type { PictureFiles } from "../whatsapp/picture-files.js";
import type { Sessions } from "../whatsapp/sessions.js";

type Names = Extract<keyof Handlers, `group.${string}`>;

export function groupMethods(sessions: Sessions, groups: Groups, pictures: PictureFiles): Pick<Handlers, Names> {
  return {
    "group.create": ({ tenantId, subject, participants }) => groups.create(sessions.link(tenantId), subject, participants),
    "group.list": ({ tenantId, refresh = false, after = "", limit }) => groups.list(sessions.link(tenantId), { refresh, after, limit }),
    "group.get": ({ tenantId, groupId }) => groups.get(sessions.link(tenantId), groupId),
    "group.update": ({ tenantId, ...wanted }) => groups.update(sessions.link(tenantId), wanted),
    "group.setPicture": async ({ tenantId, groupId, file }) => {
      const link = sessions.link(tenantId);
      if (file === undefined) await groups.setPicture(link, groupId, undefined);
      else await pictures.use(file, (jpeg) => groups.setPicture(link, groupId, jpeg));
      return {};
    },
    "group.updateParticipants": async ({ tenantId, groupId, action, participants }) => ({
      results: await groups.updateParticipants(sessions.link(tenantId), groupId, action, participants),
    }),
    "group.invite": ({ tenantId, groupId }) => groups.invite(sessions.link(tenantId), groupId),
    "group.revokeInvite": ({ tenantId, groupId }) => groups.revokeInvite(sessions.link(tenantId), groupId),
    "group.inviteInfo": ({ tenantId, code }) => groups.inviteInfo(sessions.link(tenantId), code),
    "group.join": ({ tenantId, code }) => groups.join(sessions.link(tenantId), code),
    "group.leave": async ({ tenantId, groupId }) => {
      await groups.leave(sessions.link(tenantId), groupId);
      return {};
    },
    "group.joinRequests": async ({ tenantId, groupId }) => ({ requests: await groups.joinRequests(sessions.link(tenantId), groupId) }),
    "group.decideJoinRequests": async ({ tenantId, groupId, decision, participants }) => ({
      results: await groups.decideJoinRequests(sessions.link(tenantId), groupId, decision, participants),
    }),
  };
}
