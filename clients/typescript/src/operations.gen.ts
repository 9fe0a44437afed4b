// Generated from docs/openapi.json by `npm run clients`. Do not edit.
import type { CallOptions, Transport } from "./transport.js";
import type {
  AllUsage,
  AuditPage,
  BatchDetails,
  BatchPage,
  BatchRequest,
  BlockedContacts,
  Channel,
  ChannelCreateInput,
  ChannelFollow,
  Channels,
  ChatInput,
  CheckedNumbers,
  ConnectLink,
  ConnectLinkInput,
  ConnectLinkRevoked,
  ConnectLinks,
  ConnectState,
  ConnectVisit,
  Contact,
  ContactBlock,
  CreatedGroup,
  DeadLetterPage,
  DeliveryPage,
  Done,
  EventPage,
  Group,
  GroupCreateInput,
  GroupPage,
  GroupPictureInput,
  GroupPreview,
  GroupUpdateInput,
  Health,
  Invite,
  JoinDecisionInput,
  JoinGroupInput,
  JoinRequests,
  JoinedGroup,
  Key,
  KeyChangeInput,
  KeyInput,
  KeyPage,
  KeyRevoked,
  KeyRotateInput,
  KeyShown,
  LabelAssignInput,
  LabelAssignment,
  LabelDetails,
  LabelInput,
  Labels,
  Live,
  MarkReadInput,
  MessageDetails,
  MessagePage,
  NumberCheckInput,
  OneTenant,
  PairingCode,
  PairingCodeInput,
  ParticipantResults,
  ParticipantsInput,
  Posts,
  PresenceInput,
  ProxyInput,
  QrCode,
  RawMessage,
  Ready,
  Recovery,
  RecoveryInput,
  Retry,
  Said,
  SayInput,
  ScanInput,
  Scanned,
  SecretRotationInput,
  SendLimits,
  SendLimitsInput,
  SendRequest,
  SentMessage,
  Session,
  SessionDeleted,
  SessionPage,
  SessionSettings,
  SessionSettingsInput,
  SessionStatus,
  SignedOut,
  StartSessionInput,
  StartedSession,
  StreamTicket,
  SuspendInput,
  TenantDeleted,
  TenantInput,
  TenantNow,
  TenantPage,
  TenantPatchInput,
  TenantUsage,
  Token,
  TokenInput,
  Webhook,
  WebhookAddInput,
  WebhookChangeInput,
  WebhookPage,
  WebhookRemoved,
  WebhookTest,
  WebhookWithSecret,
} from "./types.gen.js";

/** Every operation of the API, by its name there. */
export abstract class Operations {
  protected abstract readonly transport: Transport;

  /**
   * Start a session.
   *
   * Makes the tenant's session run and waits for the first QR code, or for the connection where the number was linked before. Starting a session that runs changes nothing and returns what is. `webhook` registers where its events go; without a body they go to the installation's webhook.
   *
   * Needs the scope `sessions:write`.
   */
  startSession(tenantId: string, body?: StartSessionInput, options: CallOptions = {}): Promise<StartedSession> {
    return this.transport.json<StartedSession>("POST", `/api/v1/sessions/${encodeURIComponent(tenantId)}/start`, { ...options, body });
  }

  /**
   * Look at a session.
   *
   * The session as it is now, with the QR code or pairing code it can be linked by.
   *
   * Needs the scope `sessions:read`.
   */
  getSessionStatus(tenantId: string, options: CallOptions = {}): Promise<SessionStatus> {
    return this.transport.json<SessionStatus>("GET", `/api/v1/sessions/${encodeURIComponent(tenantId)}/status`, { ...options });
  }

  /**
   * Get the QR code.
   *
   * The code that can be scanned now, waiting a moment for the next one, in the form that `Accept` or `format` asks for. A code is good for seconds: ask again when `expiresAt` has passed.
   *
   * Needs the scope `sessions:read`.
   */
  getQrCode(tenantId: string, options: CallOptions = {}): Promise<QrCode> {
    return this.transport.json<QrCode>("GET", `/api/v1/sessions/${encodeURIComponent(tenantId)}/qr`, { ...options });
  }

  /**
   * Watch a session.
   *
   * Server-sent events: first `session.status` as it is now, then each change, and `session.qr` with `data.qrCode`, the picture of each new code. A comment every 15 seconds keeps the connection.
   *
   * Needs the scope `sessions:read`.
   */
  watchSession(tenantId: string, options: CallOptions = {}): Promise<Response> {
    return this.transport.response("GET", `/api/v1/sessions/${encodeURIComponent(tenantId)}/events`, { ...options });
  }

  /**
   * Get a pairing code.
   *
   * A code to type on the phone in place of scanning: WhatsApp, Linked devices, Link a device, Link with phone number instead. Starts the session if it does not run.
   *
   * Needs the scope `sessions:write`.
   */
  getPairingCode(tenantId: string, body: PairingCodeInput, options: CallOptions = {}): Promise<PairingCode> {
    return this.transport.json<PairingCode>("POST", `/api/v1/sessions/${encodeURIComponent(tenantId)}/pairing-code`, { ...options, body });
  }

  /**
   * Restart a session.
   *
   * Connects anew and keeps the link.
   *
   * Needs the scope `sessions:write`.
   */
  restartSession(tenantId: string, options: CallOptions = {}): Promise<Session> {
    return this.transport.json<Session>("POST", `/api/v1/sessions/${encodeURIComponent(tenantId)}/restart`, { ...options });
  }

  /**
   * Stop a session.
   *
   * Closes the connection and keeps the link; start it to go on.
   *
   * Needs the scope `sessions:write`.
   */
  stopSession(tenantId: string, options: CallOptions = {}): Promise<Session> {
    return this.transport.json<Session>("POST", `/api/v1/sessions/${encodeURIComponent(tenantId)}/stop`, { ...options });
  }

  /**
   * Log a session out.
   *
   * Unlinks the device from the phone; the next start needs a scan.
   *
   * Needs the scope `sessions:write`.
   */
  logoutSession(tenantId: string, options: CallOptions = {}): Promise<Session> {
    return this.transport.json<Session>("POST", `/api/v1/sessions/${encodeURIComponent(tenantId)}/logout`, { ...options });
  }

  /**
   * Delete a session.
   *
   * Unlinks the device and destroys everything that is stored of the tenant.
   *
   * Needs the scope `sessions:write`.
   */
  deleteSession(tenantId: string, options: CallOptions = {}): Promise<SessionDeleted> {
    return this.transport.json<SessionDeleted>("DELETE", `/api/v1/sessions/${encodeURIComponent(tenantId)}`, { ...options });
  }

  /**
   * Connect through a proxy.
   *
   * Tests the proxy, keeps its address encrypted and connects through it from now on.
   *
   * Needs the scope `sessions:write`.
   */
  setProxy(tenantId: string, body: ProxyInput, options: CallOptions = {}): Promise<Session> {
    return this.transport.json<Session>("PUT", `/api/v1/sessions/${encodeURIComponent(tenantId)}/proxy`, { ...options, body });
  }

  /**
   * Connect directly.
   *
   * Forgets the proxy.
   *
   * Needs the scope `sessions:write`.
   */
  removeProxy(tenantId: string, options: CallOptions = {}): Promise<Session> {
    return this.transport.json<Session>("DELETE", `/api/v1/sessions/${encodeURIComponent(tenantId)}/proxy`, { ...options });
  }

  /**
   * List sessions.
   *
   * Sessions with their states in the order of `tenantId`, without codes to scan.
   *
   * Needs the scope `sessions:read`.
   */
  listSessions(options: CallOptions & { after?: string; limit?: number } = {}): Promise<SessionPage> {
    return this.transport.json<SessionPage>("GET", `/api/v1/sessions`, { ...options, query: { after: options.after, limit: options.limit } });
  }

  /**
   * Look at a session's limits.
   *
   * How its messages are spaced, what is used of each limit, and what WhatsApp restricts.
   *
   * Needs the scope `sessions:read`.
   */
  getLimits(tenantId: string, options: CallOptions = {}): Promise<SendLimits> {
    return this.transport.json<SendLimits>("GET", `/api/v1/sessions/${encodeURIComponent(tenantId)}/limits`, { ...options });
  }

  /**
   * Choose how messages are spaced.
   *
   * `paced` protects the number best; `null` takes what the installation's settings say.
   *
   * Needs the scope `sessions:write`.
   */
  setLimits(tenantId: string, body: SendLimitsInput, options: CallOptions = {}): Promise<SendLimits> {
    return this.transport.json<SendLimits>("PUT", `/api/v1/sessions/${encodeURIComponent(tenantId)}/limits`, { ...options, body });
  }

  /**
   * Look at a session's settings.
   *
   * What happens with files and calls, and which events there are at all.
   *
   * Needs the scope `sessions:read`.
   */
  getSessionSettings(tenantId: string, options: CallOptions = {}): Promise<SessionSettings> {
    return this.transport.json<SessionSettings>("GET", `/api/v1/sessions/${encodeURIComponent(tenantId)}/settings`, { ...options });
  }

  /**
   * Change a session's settings.
   *
   * What is left out stays as it is.
   *
   * Needs the scope `sessions:write`.
   */
  changeSessionSettings(tenantId: string, body: SessionSettingsInput, options: CallOptions = {}): Promise<SessionSettings> {
    return this.transport.json<SessionSettings>("PATCH", `/api/v1/sessions/${encodeURIComponent(tenantId)}/settings`, { ...options, body });
  }

  /**
   * Send one message to many.
   *
   * Records a message for up to 1,000 recipients and sends it within the number's limits. `{{name}}` in a text stands for a variable of the recipient.
   *
   * Needs the scope `messages:send`.
   */
  createBatch(tenantId: string, body: BatchRequest | FormData, options: CallOptions & { idempotencyKey?: string } = {}): Promise<BatchDetails> {
    return this.transport.json<BatchDetails>("POST", `/api/v1/messages/${encodeURIComponent(tenantId)}/batch`, { ...options, headers: { "Idempotency-Key": options.idempotencyKey }, body, repeatable: options.idempotencyKey !== undefined });
  }

  /**
   * List batches.
   *
   * Batches, newest first.
   *
   * Needs the scope `messages:read`.
   */
  listBatches(tenantId: string, options: CallOptions & { before?: string; limit?: number } = {}): Promise<BatchPage> {
    return this.transport.json<BatchPage>("GET", `/api/v1/messages/${encodeURIComponent(tenantId)}/batches`, { ...options, query: { before: options.before, limit: options.limit } });
  }

  /**
   * Look at a batch.
   *
   * How far it is: its messages by their state, and when it will be through.
   *
   * Needs the scope `messages:read`.
   */
  getBatch(tenantId: string, batchId: string, options: CallOptions = {}): Promise<BatchDetails> {
    return this.transport.json<BatchDetails>("GET", `/api/v1/messages/${encodeURIComponent(tenantId)}/batches/${encodeURIComponent(batchId)}`, { ...options });
  }

  /**
   * List the messages of a batch.
   *
   * In the order of their recipients.
   *
   * Needs the scope `messages:read`.
   */
  listBatchMessages(tenantId: string, batchId: string, options: CallOptions & { after?: string; limit?: number } = {}): Promise<MessagePage> {
    return this.transport.json<MessagePage>("GET", `/api/v1/messages/${encodeURIComponent(tenantId)}/batches/${encodeURIComponent(batchId)}/messages`, { ...options, query: { after: options.after, limit: options.limit } });
  }

  /**
   * Pause a batch.
   *
   * No more of its messages leave until it is resumed.
   *
   * Needs the scope `messages:send`.
   */
  pauseBatch(tenantId: string, batchId: string, options: CallOptions = {}): Promise<BatchDetails> {
    return this.transport.json<BatchDetails>("POST", `/api/v1/messages/${encodeURIComponent(tenantId)}/batches/${encodeURIComponent(batchId)}/pause`, { ...options });
  }

  /**
   * Resume a batch.
   *
   * Its messages leave again.
   *
   * Needs the scope `messages:send`.
   */
  resumeBatch(tenantId: string, batchId: string, options: CallOptions = {}): Promise<BatchDetails> {
    return this.transport.json<BatchDetails>("POST", `/api/v1/messages/${encodeURIComponent(tenantId)}/batches/${encodeURIComponent(batchId)}/resume`, { ...options });
  }

  /**
   * Cancel a batch.
   *
   * Those of its messages that have not left are not sent.
   *
   * Needs the scope `messages:send`.
   */
  cancelBatch(tenantId: string, batchId: string, options: CallOptions = {}): Promise<BatchDetails> {
    return this.transport.json<BatchDetails>("POST", `/api/v1/messages/${encodeURIComponent(tenantId)}/batches/${encodeURIComponent(batchId)}/cancel`, { ...options });
  }

  /**
   * Send a message.
   *
   * Sends a message of any kind; `type` says which, and a text is what it is without one. The answer waits up to `wait` seconds for WhatsApp's server to take it. With an `Idempotency-Key` the request can be repeated at any time and the message is sent once. A file comes by `mediaUrl`, as `mediaBase64`, or as the part `file` of a multipart request whose other parts are the fields.
   *
   * Needs the scope `messages:send`.
   */
  sendMessage(tenantId: string, body: SendRequest | FormData, options: CallOptions & { wait?: number; idempotencyKey?: string } = {}): Promise<SentMessage> {
    return this.transport.json<SentMessage>("POST", `/api/v1/messages/${encodeURIComponent(tenantId)}/send`, { ...options, query: { wait: options.wait }, headers: { "Idempotency-Key": options.idempotencyKey }, body, repeatable: options.idempotencyKey !== undefined });
  }

  /**
   * List messages.
   *
   * Messages that were sent through this API, newest first.
   *
   * Needs the scope `messages:read`.
   */
  listMessages(tenantId: string, options: CallOptions & { status?: "accepted" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown"; before?: string; limit?: number } = {}): Promise<MessagePage> {
    return this.transport.json<MessagePage>("GET", `/api/v1/messages/${encodeURIComponent(tenantId)}`, { ...options, query: { status: options.status, before: options.before, limit: options.limit } });
  }

  /**
   * Look at a message.
   *
   * A message and all that is known of it; in a group also who has it.
   *
   * Needs the scope `messages:read`.
   */
  getMessage(tenantId: string, messageId: string, options: CallOptions = {}): Promise<MessageDetails> {
    return this.transport.json<MessageDetails>("GET", `/api/v1/messages/${encodeURIComponent(tenantId)}/${encodeURIComponent(messageId)}`, { ...options });
  }

  /**
   * Take a message back.
   *
   * Cancels a message that has not left. One that WhatsApp has is deleted for everyone by sending a message of type `delete`.
   *
   * Needs the scope `messages:send`.
   */
  cancelMessage(tenantId: string, messageId: string, options: CallOptions = {}): Promise<MessageDetails> {
    return this.transport.json<MessageDetails>("DELETE", `/api/v1/messages/${encodeURIComponent(tenantId)}/${encodeURIComponent(messageId)}`, { ...options });
  }

  /**
   * Look at a message in WhatsApp's own words.
   *
   * The message as WhatsApp's protocol has it, which WhatsApp changes without notice.
   *
   * Needs the scope `messages:read`.
   */
  getRawMessage(tenantId: string, messageId: string, options: CallOptions = {}): Promise<RawMessage> {
    return this.transport.json<RawMessage>("GET", `/api/v1/messages/${encodeURIComponent(tenantId)}/${encodeURIComponent(messageId)}/raw`, { ...options });
  }

  /**
   * Mark messages as read.
   *
   * The sender sees the blue ticks, if both sides have them switched on.
   *
   * Needs the scope `messages:send`.
   */
  markRead(tenantId: string, body: MarkReadInput, options: CallOptions = {}): Promise<Done> {
    return this.transport.json<Done>("POST", `/api/v1/chats/${encodeURIComponent(tenantId)}/read`, { ...options, body });
  }

  /**
   * Show typing or recording.
   *
   * Ends by itself after `seconds`, or when a message is sent.
   *
   * Needs the scope `messages:send`.
   */
  showPresence(tenantId: string, body: PresenceInput, options: CallOptions = {}): Promise<Done> {
    return this.transport.json<Done>("POST", `/api/v1/chats/${encodeURIComponent(tenantId)}/presence`, { ...options, body });
  }

  /**
   * Follow somebody's presence.
   *
   * For 24 hours `presence` events tell when they are online, type or record.
   *
   * Needs the scope `messages:send`.
   */
  followPresence(tenantId: string, body: ChatInput, options: CallOptions = {}): Promise<Done> {
    return this.transport.json<Done>("POST", `/api/v1/chats/${encodeURIComponent(tenantId)}/follow-presence`, { ...options, body });
  }

  /**
   * Check which numbers are on WhatsApp.
   *
   * Answers in the order of the question, with the form by which WhatsApp knows each number.
   *
   * Needs the scope `contacts:read`.
   */
  checkNumbers(tenantId: string, body: NumberCheckInput, options: CallOptions = {}): Promise<CheckedNumbers> {
    return this.transport.json<CheckedNumbers>("POST", `/api/v1/numbers/${encodeURIComponent(tenantId)}/check`, { ...options, body });
  }

  /**
   * List who is blocked.
   *
   * By WhatsApp id.
   *
   * Needs the scope `contacts:read`.
   */
  listBlockedContacts(tenantId: string, options: CallOptions = {}): Promise<BlockedContacts> {
    return this.transport.json<BlockedContacts>("GET", `/api/v1/contacts/${encodeURIComponent(tenantId)}/blocked`, { ...options });
  }

  /**
   * Look at a contact.
   *
   * What WhatsApp shows of a person to this number; `null` for what is hidden.
   *
   * Needs the scope `contacts:read`.
   */
  getContact(tenantId: string, contact: string, options: CallOptions = {}): Promise<Contact> {
    return this.transport.json<Contact>("GET", `/api/v1/contacts/${encodeURIComponent(tenantId)}/${encodeURIComponent(contact)}`, { ...options });
  }

  /**
   * Block a contact.
   *
   * They can neither write to the number nor call it.
   *
   * Needs the scope `contacts:write`.
   */
  blockContact(tenantId: string, contact: string, options: CallOptions = {}): Promise<ContactBlock> {
    return this.transport.json<ContactBlock>("POST", `/api/v1/contacts/${encodeURIComponent(tenantId)}/${encodeURIComponent(contact)}/block`, { ...options });
  }

  /**
   * Unblock a contact.
   *
   * They can write and call again.
   *
   * Needs the scope `contacts:write`.
   */
  unblockContact(tenantId: string, contact: string, options: CallOptions = {}): Promise<ContactBlock> {
    return this.transport.json<ContactBlock>("DELETE", `/api/v1/contacts/${encodeURIComponent(tenantId)}/${encodeURIComponent(contact)}/block`, { ...options });
  }

  /**
   * Join a group.
   *
   * By an invitation: its code, or the whole link.
   *
   * Needs the scope `groups:write`.
   */
  joinGroup(tenantId: string, body: JoinGroupInput, options: CallOptions = {}): Promise<JoinedGroup> {
    return this.transport.json<JoinedGroup>("POST", `/api/v1/groups/${encodeURIComponent(tenantId)}/join`, { ...options, body });
  }

  /**
   * Look at the group behind an invitation.
   *
   * Without joining it.
   *
   * Needs the scope `groups:read`.
   */
  getGroupByInvite(tenantId: string, code: string, options: CallOptions = {}): Promise<GroupPreview> {
    return this.transport.json<GroupPreview>("GET", `/api/v1/groups/${encodeURIComponent(tenantId)}/invites/${encodeURIComponent(code)}`, { ...options });
  }

  /**
   * Add, remove, promote or demote members.
   *
   * `results` says what became of each who was named.
   *
   * Needs the scope `groups:write`.
   */
  updateParticipants(tenantId: string, groupId: string, body: ParticipantsInput, options: CallOptions = {}): Promise<ParticipantResults> {
    return this.transport.json<ParticipantResults>("POST", `/api/v1/groups/${encodeURIComponent(tenantId)}/${encodeURIComponent(groupId)}/participants`, { ...options, body });
  }

  /**
   * Get a group's invitation.
   *
   * The link by which people come in.
   *
   * Needs the scope `groups:read`.
   */
  getInvite(tenantId: string, groupId: string, options: CallOptions = {}): Promise<Invite> {
    return this.transport.json<Invite>("GET", `/api/v1/groups/${encodeURIComponent(tenantId)}/${encodeURIComponent(groupId)}/invite`, { ...options });
  }

  /**
   * Replace a group's invitation.
   *
   * The link there was leads nowhere from now on; the answer has the new one.
   *
   * Needs the scope `groups:write`.
   */
  revokeInvite(tenantId: string, groupId: string, options: CallOptions = {}): Promise<Invite> {
    return this.transport.json<Invite>("POST", `/api/v1/groups/${encodeURIComponent(tenantId)}/${encodeURIComponent(groupId)}/invite`, { ...options });
  }

  /**
   * List who wants to join.
   *
   * Oldest first.
   *
   * Needs the scope `groups:read`.
   */
  listJoinRequests(tenantId: string, groupId: string, options: CallOptions = {}): Promise<JoinRequests> {
    return this.transport.json<JoinRequests>("GET", `/api/v1/groups/${encodeURIComponent(tenantId)}/${encodeURIComponent(groupId)}/join-requests`, { ...options });
  }

  /**
   * Let people in or turn them down.
   *
   * `results` says what became of each who was named.
   *
   * Needs the scope `groups:write`.
   */
  decideJoinRequests(tenantId: string, groupId: string, body: JoinDecisionInput, options: CallOptions = {}): Promise<ParticipantResults> {
    return this.transport.json<ParticipantResults>("POST", `/api/v1/groups/${encodeURIComponent(tenantId)}/${encodeURIComponent(groupId)}/join-requests`, { ...options, body });
  }

  /**
   * List groups.
   *
   * The groups the number is in, in the order of their ids. `fetchedAt`: how old that is.
   *
   * Needs the scope `groups:read`.
   */
  listGroups(tenantId: string, options: CallOptions & { refresh?: "true" | "false" | "1" | "0"; after?: string; limit?: number } = {}): Promise<GroupPage> {
    return this.transport.json<GroupPage>("GET", `/api/v1/groups/${encodeURIComponent(tenantId)}`, { ...options, query: { refresh: options.refresh, after: options.after, limit: options.limit } });
  }

  /**
   * Make a group.
   *
   * `results` says what became of each who was named: some can only be invited.
   *
   * Needs the scope `groups:write`.
   */
  createGroup(tenantId: string, body: GroupCreateInput, options: CallOptions = {}): Promise<CreatedGroup> {
    return this.transport.json<CreatedGroup>("POST", `/api/v1/groups/${encodeURIComponent(tenantId)}`, { ...options, body });
  }

  /**
   * Look at a group.
   *
   * With everybody who is in it.
   *
   * Needs the scope `groups:read`.
   */
  getGroup(tenantId: string, groupId: string, options: CallOptions = {}): Promise<Group> {
    return this.transport.json<Group>("GET", `/api/v1/groups/${encodeURIComponent(tenantId)}/${encodeURIComponent(groupId)}`, { ...options });
  }

  /**
   * Change a group.
   *
   * What is left out stays as it is.
   *
   * Needs the scope `groups:write`.
   */
  updateGroup(tenantId: string, groupId: string, body: GroupUpdateInput, options: CallOptions = {}): Promise<Group> {
    return this.transport.json<Group>("PATCH", `/api/v1/groups/${encodeURIComponent(tenantId)}/${encodeURIComponent(groupId)}`, { ...options, body });
  }

  /**
   * Leave a group.
   *
   * The group goes on without the number.
   *
   * Needs the scope `groups:write`.
   */
  leaveGroup(tenantId: string, groupId: string, options: CallOptions = {}): Promise<Done> {
    return this.transport.json<Done>("DELETE", `/api/v1/groups/${encodeURIComponent(tenantId)}/${encodeURIComponent(groupId)}`, { ...options });
  }

  /**
   * Set a group's picture.
   *
   * By `mediaUrl`, `mediaBase64` or as the part `file` of a multipart request.
   *
   * Needs the scope `groups:write`.
   */
  setGroupPicture(tenantId: string, groupId: string, body: GroupPictureInput | FormData, options: CallOptions = {}): Promise<Done> {
    return this.transport.json<Done>("PUT", `/api/v1/groups/${encodeURIComponent(tenantId)}/${encodeURIComponent(groupId)}/picture`, { ...options, body });
  }

  /**
   * Take a group's picture away.
   *
   * The group has none then.
   *
   * Needs the scope `groups:write`.
   */
  deleteGroupPicture(tenantId: string, groupId: string, options: CallOptions = {}): Promise<Done> {
    return this.transport.json<Done>("DELETE", `/api/v1/groups/${encodeURIComponent(tenantId)}/${encodeURIComponent(groupId)}/picture`, { ...options });
  }

  /**
   * Get a received file.
   *
   * The file of a received message, whole or in ranges, downloaded from WhatsApp if it is not here yet. Where files are kept in a bucket the answer is a redirect to it.
   *
   * Needs the scope `events:read`.
   */
  getMedia(tenantId: string, mediaId: string, options: CallOptions & { range?: string } = {}): Promise<Response> {
    return this.transport.response("GET", `/api/v1/media/${encodeURIComponent(tenantId)}/${encodeURIComponent(mediaId)}`, { ...options, headers: { "Range": options.range } });
  }

  /**
   * Fetch events.
   *
   * Events after a cursor, oldest first, with the very bodies of the webhooks. With `wait` an empty page waits for the next event. `gap` says that events between the cursor and this page are gone.
   *
   * Needs the scope `events:read`.
   */
  listEvents(tenantId: string, options: CallOptions & { after?: string; limit?: number; wait?: number } = {}): Promise<EventPage> {
    return this.transport.json<EventPage>("GET", `/api/v1/events/${encodeURIComponent(tenantId)}`, { ...options, query: { after: options.after, limit: options.limit, wait: options.wait } });
  }

  /**
   * Stream events.
   *
   * Server-sent events: `id` is the cursor, `event` the kind, `data` the body of the webhook. The event `gap` says that some are gone. A comment every 15 seconds keeps the connection; EventSource comes again by itself and goes on where it was.
   *
   * Needs the scope `events:read`.
   */
  streamEvents(tenantId: string, options: CallOptions & { after?: string; lastEventID?: string } = {}): Promise<Response> {
    return this.transport.response("GET", `/api/v1/events/${encodeURIComponent(tenantId)}/stream`, { ...options, query: { after: options.after }, headers: { "Last-Event-ID": options.lastEventID } });
  }

  /**
   * Get a ticket for a stream.
   *
   * Browsers send no headers with a stream: the ticket opens one in the address, once.
   *
   * Needs the scope `events:read`.
   */
  createStreamTicket(tenantId: string, options: CallOptions = {}): Promise<StreamTicket> {
    return this.transport.json<StreamTicket>("POST", `/api/v1/events/${encodeURIComponent(tenantId)}/tickets`, { ...options });
  }

  /**
   * List channels.
   *
   * The channels the number follows or owns.
   *
   * Needs the scope `channels:read`.
   */
  listChannels(tenantId: string, options: CallOptions = {}): Promise<Channels> {
    return this.transport.json<Channels>("GET", `/api/v1/channels/${encodeURIComponent(tenantId)}`, { ...options });
  }

  /**
   * Make a channel.
   *
   * A post is a message sent to the channel's id.
   *
   * Needs the scope `channels:write`.
   */
  createChannel(tenantId: string, body: ChannelCreateInput, options: CallOptions = {}): Promise<Channel> {
    return this.transport.json<Channel>("POST", `/api/v1/channels/${encodeURIComponent(tenantId)}`, { ...options, body });
  }

  /**
   * Find a channel by its link.
   *
   * `code` is the end of the channel's link.
   *
   * Needs the scope `channels:read`.
   */
  getChannelByInvite(tenantId: string, code: string, options: CallOptions = {}): Promise<Channel> {
    return this.transport.json<Channel>("GET", `/api/v1/channels/${encodeURIComponent(tenantId)}/invites/${encodeURIComponent(code)}`, { ...options });
  }

  /**
   * Look at a channel.
   *
   * Its name, its link and how many follow it.
   *
   * Needs the scope `channels:read`.
   */
  getChannel(tenantId: string, channelId: string, options: CallOptions = {}): Promise<Channel> {
    return this.transport.json<Channel>("GET", `/api/v1/channels/${encodeURIComponent(tenantId)}/${encodeURIComponent(channelId)}`, { ...options });
  }

  /**
   * Follow a channel.
   *
   * Its posts come as `message` events, if the session's settings want them.
   *
   * Needs the scope `channels:write`.
   */
  followChannel(tenantId: string, channelId: string, options: CallOptions = {}): Promise<ChannelFollow> {
    return this.transport.json<ChannelFollow>("POST", `/api/v1/channels/${encodeURIComponent(tenantId)}/${encodeURIComponent(channelId)}/follow`, { ...options });
  }

  /**
   * Stop following a channel.
   *
   * No more of its posts come.
   *
   * Needs the scope `channels:write`.
   */
  unfollowChannel(tenantId: string, channelId: string, options: CallOptions = {}): Promise<ChannelFollow> {
    return this.transport.json<ChannelFollow>("DELETE", `/api/v1/channels/${encodeURIComponent(tenantId)}/${encodeURIComponent(channelId)}/follow`, { ...options });
  }

  /**
   * List the posts of a channel.
   *
   * Newest first, with views and reactions.
   *
   * Needs the scope `channels:read`.
   */
  listPosts(tenantId: string, channelId: string, options: CallOptions & { before?: string; limit?: number } = {}): Promise<Posts> {
    return this.transport.json<Posts>("GET", `/api/v1/channels/${encodeURIComponent(tenantId)}/${encodeURIComponent(channelId)}/messages`, { ...options, query: { before: options.before, limit: options.limit } });
  }

  /**
   * List labels.
   *
   * Labels of WhatsApp Business, in the order of their ids.
   *
   * Needs the scope `labels:read`.
   */
  listLabels(tenantId: string, options: CallOptions = {}): Promise<Labels> {
    return this.transport.json<Labels>("GET", `/api/v1/labels/${encodeURIComponent(tenantId)}`, { ...options });
  }

  /**
   * Make a label.
   *
   * It appears in the WhatsApp Business app on the phone.
   *
   * Needs the scope `labels:write`.
   */
  createLabel(tenantId: string, body: LabelInput, options: CallOptions = {}): Promise<LabelDetails> {
    return this.transport.json<LabelDetails>("POST", `/api/v1/labels/${encodeURIComponent(tenantId)}`, { ...options, body });
  }

  /**
   * Change a label.
   *
   * Gives it another name and colour.
   *
   * Needs the scope `labels:write`.
   */
  updateLabel(tenantId: string, labelId: string, body: LabelInput, options: CallOptions = {}): Promise<LabelDetails> {
    return this.transport.json<LabelDetails>("PUT", `/api/v1/labels/${encodeURIComponent(tenantId)}/${encodeURIComponent(labelId)}`, { ...options, body });
  }

  /**
   * Delete a label.
   *
   * It is taken off all chats and messages too.
   *
   * Needs the scope `labels:write`.
   */
  deleteLabel(tenantId: string, labelId: string, options: CallOptions = {}): Promise<Done> {
    return this.transport.json<Done>("DELETE", `/api/v1/labels/${encodeURIComponent(tenantId)}/${encodeURIComponent(labelId)}`, { ...options });
  }

  /**
   * Label a chat or message.
   *
   * Puts the label on a chat, or on one message in it, or takes it off.
   *
   * Needs the scope `labels:write`.
   */
  assignLabel(tenantId: string, labelId: string, body: LabelAssignInput, options: CallOptions = {}): Promise<LabelAssignment> {
    return this.transport.json<LabelAssignment>("POST", `/api/v1/labels/${encodeURIComponent(tenantId)}/${encodeURIComponent(labelId)}/assign`, { ...options, body });
  }

  /**
   * List webhooks.
   *
   * All of the tenant and how they stand, oldest first.
   *
   * Needs the scope `webhooks:read`.
   */
  listWebhooks(tenantId: string, options: CallOptions = {}): Promise<WebhookPage> {
    return this.transport.json<WebhookPage>("GET", `/api/v1/webhooks/${encodeURIComponent(tenantId)}`, { ...options });
  }

  /**
   * Add a webhook.
   *
   * Its events begin now. Without a `secret` one is made, which is in this answer and in no other. How to check signatures: docs/webhooks.md.
   *
   * Needs the scope `webhooks:write`.
   */
  addWebhook(tenantId: string, body: WebhookAddInput, options: CallOptions = {}): Promise<WebhookWithSecret> {
    return this.transport.json<WebhookWithSecret>("POST", `/api/v1/webhooks/${encodeURIComponent(tenantId)}`, { ...options, body });
  }

  /**
   * Look at a webhook.
   *
   * Whether it is healthy, what waits for it and why it failed last.
   *
   * Needs the scope `webhooks:read`.
   */
  getWebhook(tenantId: string, webhookId: string, options: CallOptions = {}): Promise<Webhook> {
    return this.transport.json<Webhook>("GET", `/api/v1/webhooks/${encodeURIComponent(tenantId)}/${encodeURIComponent(webhookId)}`, { ...options });
  }

  /**
   * Change a webhook.
   *
   * What is left out stays as it is.
   *
   * Needs the scope `webhooks:write`.
   */
  changeWebhook(tenantId: string, webhookId: string, body: WebhookChangeInput, options: CallOptions = {}): Promise<Webhook> {
    return this.transport.json<Webhook>("PATCH", `/api/v1/webhooks/${encodeURIComponent(tenantId)}/${encodeURIComponent(webhookId)}`, { ...options, body });
  }

  /**
   * Remove a webhook.
   *
   * With the events that wait for it.
   *
   * Needs the scope `webhooks:write`.
   */
  removeWebhook(tenantId: string, webhookId: string, options: CallOptions = {}): Promise<WebhookRemoved> {
    return this.transport.json<WebhookRemoved>("DELETE", `/api/v1/webhooks/${encodeURIComponent(tenantId)}/${encodeURIComponent(webhookId)}`, { ...options });
  }

  /**
   * Give a webhook a new secret.
   *
   * The secret before signs too until the overlap ends, so that no event is refused.
   *
   * Needs the scope `webhooks:write`.
   */
  rotateWebhookSecret(tenantId: string, webhookId: string, body?: SecretRotationInput, options: CallOptions = {}): Promise<WebhookWithSecret> {
    return this.transport.json<WebhookWithSecret>("POST", `/api/v1/webhooks/${encodeURIComponent(tenantId)}/${encodeURIComponent(webhookId)}/rotate-secret`, { ...options, body });
  }

  /**
   * Enable a webhook.
   *
   * One that was disabled, by hand or because it failed for long. What waits is sent.
   *
   * Needs the scope `webhooks:write`.
   */
  enableWebhook(tenantId: string, webhookId: string, options: CallOptions = {}): Promise<Webhook> {
    return this.transport.json<Webhook>("POST", `/api/v1/webhooks/${encodeURIComponent(tenantId)}/${encodeURIComponent(webhookId)}/enable`, { ...options });
  }

  /**
   * Make a connect link.
   *
   * An address for your own customer: a page with the live QR code, or a pairing code for the number they type, in your name and colour, and nothing else. `url` is shown in this answer only. Nothing is started before the link is opened. It ends by its time, when it is revoked, ten minutes after the number was connected, and with its tenant.
   *
   * Needs the scope `sessions:write`.
   */
  createConnectLink(tenantId: string, body?: ConnectLinkInput, options: CallOptions = {}): Promise<ConnectLink> {
    return this.transport.json<ConnectLink>("POST", `/api/v1/sessions/${encodeURIComponent(tenantId)}/connect-link`, { ...options, body });
  }

  /**
   * List connect links.
   *
   * Those that are neither over nor revoked, at most 50, without their addresses.
   *
   * Needs the scope `sessions:read`.
   */
  listConnectLinks(tenantId: string, options: CallOptions = {}): Promise<ConnectLinks> {
    return this.transport.json<ConnectLinks>("GET", `/api/v1/sessions/${encodeURIComponent(tenantId)}/connect-links`, { ...options });
  }

  /**
   * Revoke a connect link.
   *
   * It opens nothing from now on, and pages that it opened are told within seconds.
   *
   * Needs the scope `sessions:write`.
   */
  revokeConnectLink(tenantId: string, linkId: string, options: CallOptions = {}): Promise<ConnectLinkRevoked> {
    return this.transport.json<ConnectLinkRevoked>("DELETE", `/api/v1/sessions/${encodeURIComponent(tenantId)}/connect-links/${encodeURIComponent(linkId)}`, { ...options });
  }

  /**
   * Open a connect link.
   *
   * For the connect page: takes the token that stands behind the # of a connect link and answers with the one that the page's other addresses take. Counts as a use of the link.
   *
   * Needs the token of a connect link; no key opens it.
   */
  openConnectLink(options: CallOptions = {}): Promise<ConnectVisit> {
    return this.transport.json<ConnectVisit>("POST", `/api/v1/connect/visits`, { ...options });
  }

  /**
   * Start the session of a connect link.
   *
   * For the connect page: makes the session run where it does not, and says how it is.
   *
   * Needs the token of a connect link; no key opens it.
   */
  startByConnectLink(options: CallOptions = {}): Promise<ConnectState> {
    return this.transport.json<ConnectState>("POST", `/api/v1/connect/start`, { ...options });
  }

  /**
   * Get a pairing code by a connect link.
   *
   * For the connect page: a code to type on the phone with this number; ten by each link.
   *
   * Needs the token of a connect link; no key opens it.
   */
  getPairingCodeByConnectLink(body: PairingCodeInput, options: CallOptions = {}): Promise<ConnectState> {
    return this.transport.json<ConnectState>("POST", `/api/v1/connect/pairing-code`, { ...options, body });
  }

  /**
   * Look at a connect link's session.
   *
   * For the connect page: what it shows now.
   *
   * Needs the token of a connect link; no key opens it.
   */
  getConnectState(options: CallOptions = {}): Promise<ConnectState> {
    return this.transport.json<ConnectState>("GET", `/api/v1/connect/state`, { ...options });
  }

  /**
   * Watch a connect link's session.
   *
   * For the connect page: server-sent events, `state` with what to show now and with every change, `ended` with the code of the error once the link opens nothing any more.
   *
   * Needs the token of a connect link; no key opens it.
   */
  watchConnectState(options: CallOptions = {}): Promise<Response> {
    return this.transport.response("GET", `/api/v1/connect/events`, { ...options });
  }

  /**
   * Sign in, or renew a token.
   *
   * With an API key: a token that may do for 15 minutes what the key may do, or less where `tenants` or `scopes` say so. With a token: another one for 15 minutes, until 12 hours after the sign-in. A token ends with its key. For pages in browsers, which should not keep a key.
   *
   * Needs a key or token, whatever its scopes.
   */
  createToken(body?: TokenInput, options: CallOptions = {}): Promise<Token> {
    return this.transport.json<Token>("POST", `/api/v1/tokens`, { ...options, body });
  }

  /**
   * Sign out.
   *
   * Ends the token this is asked with and every other of the same sign-in, at once.
   *
   * Needs a key or token, whatever its scopes.
   */
  signOut(options: CallOptions = {}): Promise<SignedOut> {
    return this.transport.json<SignedOut>("DELETE", `/api/v1/tokens/current`, { ...options });
  }

  /**
   * Create a tenant.
   *
   * Where `TENANT_CREATION` is `open`, a tenant's first start creates it too, with the installation's quotas. Takes a key that is bound to no tenant, such as the operator's.
   *
   * Needs the scope `tenants:write`.
   */
  createTenant(body: TenantInput, options: CallOptions = {}): Promise<OneTenant> {
    return this.transport.json<OneTenant>("POST", `/api/v1/tenants`, { ...options, body });
  }

  /**
   * List tenants.
   *
   * In the order of their ids; a key that is bound to tenants sees those.
   *
   * Needs the scope `tenants:read`.
   */
  listTenants(options: CallOptions & { after?: string; limit?: number } = {}): Promise<TenantPage> {
    return this.transport.json<TenantPage>("GET", `/api/v1/tenants`, { ...options, query: { after: options.after, limit: options.limit } });
  }

  /**
   * Look at a tenant.
   *
   * With its quotas and what it uses of them now.
   *
   * Needs the scope `tenants:read`.
   */
  getTenant(tenantId: string, options: CallOptions = {}): Promise<TenantNow> {
    return this.transport.json<TenantNow>("GET", `/api/v1/tenants/${encodeURIComponent(tenantId)}`, { ...options });
  }

  /**
   * Change a tenant.
   *
   * What is left out stays as it is; `labels` replaces all of them, and a quota that is `null` is the installation's again. Quotas take a key that is bound to no tenant.
   *
   * Needs the scope `tenants:write`.
   */
  changeTenant(tenantId: string, body: TenantPatchInput, options: CallOptions = {}): Promise<OneTenant> {
    return this.transport.json<OneTenant>("PATCH", `/api/v1/tenants/${encodeURIComponent(tenantId)}`, { ...options, body });
  }

  /**
   * Delete a tenant.
   *
   * With everything it owns: its number is unlinked, and its messages, events, webhooks, files, keys, usage and quotas are gone, here and in the bucket for media. After an error ask again: the rest is done then. Takes a key that is bound to no tenant, such as the operator's.
   *
   * Needs the scope `tenants:write`.
   */
  deleteTenant(tenantId: string, options: CallOptions = {}): Promise<TenantDeleted> {
    return this.transport.json<TenantDeleted>("DELETE", `/api/v1/tenants/${encodeURIComponent(tenantId)}`, { ...options });
  }

  /**
   * Suspend a tenant.
   *
   * Its keys are answered `tenant_suspended`, its number is disconnected and nothing leaves; the pairing, its data and what waits are kept. Takes a key that is bound to no tenant, such as the operator's.
   *
   * Needs the scope `tenants:write`.
   */
  suspendTenant(tenantId: string, body?: SuspendInput, options: CallOptions = {}): Promise<OneTenant> {
    return this.transport.json<OneTenant>("POST", `/api/v1/tenants/${encodeURIComponent(tenantId)}/suspend`, { ...options, body });
  }

  /**
   * Resume a tenant.
   *
   * Its number connects again if it did when the tenant was suspended. Takes a key that is bound to no tenant, such as the operator's.
   *
   * Needs the scope `tenants:write`.
   */
  resumeTenant(tenantId: string, options: CallOptions = {}): Promise<OneTenant> {
    return this.transport.json<OneTenant>("POST", `/api/v1/tenants/${encodeURIComponent(tenantId)}/resume`, { ...options });
  }

  /**
   * Look at a tenant's usage.
   *
   * Day by day, for the last 400 days.
   *
   * Needs the scope `tenants:read`.
   */
  getTenantUsage(tenantId: string, options: CallOptions & { from?: string; to?: string } = {}): Promise<TenantUsage> {
    return this.transport.json<TenantUsage>("GET", `/api/v1/tenants/${encodeURIComponent(tenantId)}/usage`, { ...options, query: { from: options.from, to: options.to } });
  }

  /**
   * Look at everybody's usage.
   *
   * The total of each tenant in a time; a key that is bound to tenants sees those.
   *
   * Needs the scope `tenants:read`.
   */
  listUsage(options: CallOptions & { from?: string; to?: string; after?: string; limit?: number } = {}): Promise<AllUsage> {
    return this.transport.json<AllUsage>("GET", `/api/v1/usage`, { ...options, query: { from: options.from, to: options.to, after: options.after, limit: options.limit } });
  }

  /**
   * Test a webhook.
   *
   * Sends a test event now and says what became of it.
   *
   * Needs the scope `webhooks:write`.
   */
  testWebhook(tenantId: string, webhookId: string, options: CallOptions = {}): Promise<WebhookTest> {
    return this.transport.json<WebhookTest>("POST", `/api/v1/webhooks/${encodeURIComponent(tenantId)}/${encodeURIComponent(webhookId)}/test`, { ...options });
  }

  /**
   * List delivery attempts.
   *
   * The last ones, newest first, with what the application answered to those that failed.
   *
   * Needs the scope `webhooks:read`.
   */
  listDeliveries(tenantId: string, webhookId: string, options: CallOptions & { status?: "delivered" | "failed"; after?: string; limit?: number } = {}): Promise<DeliveryPage> {
    return this.transport.json<DeliveryPage>("GET", `/api/v1/webhooks/${encodeURIComponent(tenantId)}/${encodeURIComponent(webhookId)}/deliveries`, { ...options, query: { status: options.status, after: options.after, limit: options.limit } });
  }

  /**
   * List events that were given up.
   *
   * Newest first, each as it would have been sent.
   *
   * Needs the scope `webhooks:read`.
   */
  listDeadLetters(tenantId: string, webhookId: string, options: CallOptions & { after?: string; limit?: number } = {}): Promise<DeadLetterPage> {
    return this.transport.json<DeadLetterPage>("GET", `/api/v1/webhooks/${encodeURIComponent(tenantId)}/${encodeURIComponent(webhookId)}/dead-letters`, { ...options, query: { after: options.after, limit: options.limit } });
  }

  /**
   * Send one event again.
   *
   * Whether it was delivered, given up or waits.
   *
   * Needs the scope `webhooks:write`.
   */
  retryDelivery(tenantId: string, webhookId: string, eventId: string, options: CallOptions = {}): Promise<Retry> {
    return this.transport.json<Retry>("POST", `/api/v1/webhooks/${encodeURIComponent(tenantId)}/${encodeURIComponent(webhookId)}/deliveries/${encodeURIComponent(eventId)}/retry`, { ...options });
  }

  /**
   * Send many events again.
   *
   * Those of a time that were given up, or all. When `complete` is false, ask again with `continueFrom` as `since`.
   *
   * Needs the scope `webhooks:write`.
   */
  recoverDeliveries(tenantId: string, webhookId: string, body: RecoveryInput, options: CallOptions = {}): Promise<Recovery> {
    return this.transport.json<Recovery>("POST", `/api/v1/webhooks/${encodeURIComponent(tenantId)}/${encodeURIComponent(webhookId)}/recover`, { ...options, body });
  }

  /**
   * List API keys.
   *
   * In the order of their ids. A key that is bound to tenants sees those bound within them.
   *
   * Needs the scope `keys:read`.
   */
  listKeys(options: CallOptions & { after?: string; limit?: number; tenantId?: string; createdBy?: string } = {}): Promise<KeyPage> {
    return this.transport.json<KeyPage>("GET", `/api/v1/keys`, { ...options, query: { after: options.after, limit: options.limit, tenantId: options.tenantId, createdBy: options.createdBy } });
  }

  /**
   * Make an API key.
   *
   * `key` in the answer is shown this once. `tenants: null` opens all tenants there are and will be. Nobody can give more than they have: the tenants, scopes and life of the new key lie within those of the key that makes it.
   *
   * Needs the scope `keys:write`.
   */
  createKey(body: KeyInput, options: CallOptions = {}): Promise<KeyShown> {
    return this.transport.json<KeyShown>("POST", `/api/v1/keys`, { ...options, body });
  }

  /**
   * Look at an API key.
   *
   * What it opens, when it was used last, and whether it still works.
   *
   * Needs the scope `keys:read`.
   */
  getKey(keyId: string, options: CallOptions = {}): Promise<Key> {
    return this.transport.json<Key>("GET", `/api/v1/keys/${encodeURIComponent(keyId)}`, { ...options });
  }

  /**
   * Change an API key.
   *
   * What is left out stays as it is. It holds from the next request on.
   *
   * Needs the scope `keys:write`.
   */
  changeKey(keyId: string, body: KeyChangeInput, options: CallOptions = {}): Promise<Key> {
    return this.transport.json<Key>("PATCH", `/api/v1/keys/${encodeURIComponent(keyId)}`, { ...options, body });
  }

  /**
   * Revoke an API key.
   *
   * It opens nothing any more, at once and for good, and can still be seen for 90 days. `disk_unavailable` says that it is revoked, but not on disk yet: ask again.
   *
   * Needs the scope `keys:write`.
   */
  revokeKey(keyId: string, options: CallOptions = {}): Promise<KeyRevoked> {
    return this.transport.json<KeyRevoked>("DELETE", `/api/v1/keys/${encodeURIComponent(keyId)}`, { ...options });
  }

  /**
   * Rotate an API key.
   *
   * Gives the key a new secret, shown this once; id, tenants and scopes stay. The one before opens for `overlapSeconds` more, a day when left out; one still open from a rotation before ends now.
   *
   * Needs the scope `keys:write`.
   */
  rotateKey(keyId: string, body?: KeyRotateInput, options: CallOptions = {}): Promise<KeyShown> {
    return this.transport.json<KeyShown>("POST", `/api/v1/keys/${encodeURIComponent(keyId)}/rotate`, { ...options, body });
  }

  /**
   * Read the audit log.
   *
   * Who did what, newest first; oldest first with `after`. Reading is not in it. A key that is bound to tenants sees what was done to these, with networks in place of addresses. How long it is kept stands in docs/keys.md.
   *
   * Needs the scope `audit:read`.
   */
  listAuditEntries(options: CallOptions & { tenantId?: string; keyId?: string; action?: string; after?: string; before?: string; limit?: number } = {}): Promise<AuditPage> {
    return this.transport.json<AuditPage>("GET", `/api/v1/audit`, { ...options, query: { tenantId: options.tenantId, keyId: options.keyId, action: options.action, after: options.after, before: options.before, limit: options.limit } });
  }

  /**
   * See how everything is.
   *
   * Always 200 while the process lives; `degraded` names the parts that are not well.
   *
   * Needs no key.
   */
  getHealth(options: CallOptions = {}): Promise<Health> {
    return this.transport.json<Health>("GET", `/health`, { ...options });
  }

  /**
   * See whether the process lives.
   *
   * For supervisors: asks nothing else.
   *
   * Needs no key.
   */
  getLiveness(options: CallOptions = {}): Promise<Live> {
    return this.transport.json<Live>("GET", `/health/live`, { ...options });
  }

  /**
   * See whether requests can be served.
   *
   * For load balancers.
   *
   * Needs no key.
   */
  getReadiness(options: CallOptions = {}): Promise<Ready> {
    return this.transport.json<Ready>("GET", `/health/ready`, { ...options });
  }

  /**
   * Read the metrics.
   *
   * For Prometheus, with METRICS_TOKEN or the operator's key as `Authorization: Bearer`; every figure is explained in docs/metrics.md. Answers while the bridge or Redis is down as well.
   *
   * Needs the scope `metrics:read`.
   */
  getMetrics(options: CallOptions = {}): Promise<Response> {
    return this.transport.response("GET", `/metrics`, { ...options });
  }

  /**
   * Get this document.
   *
   * The OpenAPI 3.1 of this version of the gateway, to generate clients from.
   *
   * Needs no key.
   */
  getOpenApi(options: CallOptions = {}): Promise<unknown> {
    return this.transport.json<unknown>("GET", `/openapi.json`, { ...options });
  }

  /**
   * Let a mock phone scan the QR code.
   *
   * Links the tenant's number in the sandbox. With real WhatsApp this address is not there.
   *
   * Needs the scope `installation`.
   */
  scanInSandbox(tenantId: string, body?: ScanInput, options: CallOptions = {}): Promise<Scanned> {
    return this.transport.json<Scanned>("POST", `/api/v1/sandbox/${encodeURIComponent(tenantId)}/scan`, { ...options, body });
  }

  /**
   * Let a mock contact write.
   *
   * The tenant's number gets a message from the contact, as it would from a person. With real WhatsApp this address is not there.
   *
   * Needs the scope `installation`.
   */
  sayInSandbox(tenantId: string, body: SayInput, options: CallOptions = {}): Promise<Said> {
    return this.transport.json<Said>("POST", `/api/v1/sandbox/${encodeURIComponent(tenantId)}/say`, { ...options, body });
  }
}
