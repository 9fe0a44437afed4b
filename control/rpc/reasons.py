"""Why WhatsApp has no such message: the words of the bridge for `content_not_possible`, as sentences."""

from __future__ import annotations

from typing import Final

REASONS: Final = {
    "not_in_persons": "WhatsApp has no messages of this kind in chats with a person.",
    "not_in_groups": "WhatsApp has no messages of this kind in groups.",
    "not_in_channels": "WhatsApp has no messages of this kind in channels.",
    "not_in_stories": "WhatsApp has no stories of this kind.",
    "audience_missing": "A story needs an audience: who sees it.",
    "audience_only_in_stories": "Only stories have an audience.",
    "reply_not_possible": "A message of this kind cannot be a reply there.",
    "mention_all_only_in_groups": "Everybody can be mentioned in groups only.",
    "mention_not_possible": "Nobody can be mentioned in a message of this kind there.",
    "forwarded_not_possible": "A message of this kind cannot be marked as forwarded there.",
    "style_only_in_stories": "Only texts in stories have a colour and a font.",
    "view_once_not_possible": "Only chats with a person or a group have files to be looked at once.",
    "poll_options_not_different": "The options of a poll are different and not empty.",
    "poll_count_too_large": "A poll does not have so many options to choose.",
    "event_ends_before_start": "The event ends before it starts.",
    "view_once": "What can be looked at once cannot be forwarded.",
    "not_forwardable": "Messages of this kind cannot be forwarded.",
    "not_own_message": "Only a message this number sent can be changed like that.",
    "not_editable": "Only texts and captions can be edited.",
    "too_old_to_edit": "WhatsApp takes edits for a short time only, and this message is older.",
    "not_deletable": "Messages of this kind cannot be deleted for everyone.",
    "not_group_admin": "Only an admin of the group can delete messages of others.",
}
"""A word that is not here is passed on without a sentence of its own."""
