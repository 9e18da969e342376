import { Initial0001 } from './0001-initial.js';
import { ChannelsAndDesk0002 } from './0002-channels-and-desk.js';
import { InstantsAndAddresses0003 } from './0003-instants-and-addresses.js';
import { RunningProcesses0007 } from './0007-running-processes.js';
import { LaunchedVersions0008 } from './0008-launched-versions.js';
import { DeskReplies0009 } from './0009-desk-replies.js';
import { OnlyTheId0010 } from './0010-only-the-id.js';
import { SessionsAndSlowProviders0011 } from './0011-sessions-and-slow-providers.js';
import { LooksAtGoals0012 } from './0012-looks-at-goals.js';
import { OfACustomer0013 } from './0013-of-a-customer.js';
import { OpenWords0014 } from './0014-open-words.js';
import { DomainEvents0015 } from './0015-domain-events.js';
import { PublishedContent0016 } from './0016-published-content.js';
import { StandardWords0017 } from './0017-standard-words.js';
import { WhatErasureDoes0018 } from './0018-what-erasure-does.js';
import { StateBesideReasons0019 } from './0019-state-beside-reasons.js';
import { AnswersOnTheirWay0020 } from './0020-answers-on-their-way.js';
import { RequestsKeepTheirTexts0021 } from './0021-requests-keep-their-texts.js';
import { ChangesDuringAPause0022 } from './0022-changes-during-a-pause.js';

/** Every migration, oldest first. A migration that has been released is never changed; write the next one. */
export const migrations = [
  { name: '0001-initial', class: Initial0001 },
  { name: '0002-channels-and-desk', class: ChannelsAndDesk0002 },
  { name: '0003-instants-and-addresses', class: InstantsAndAddresses0003 },
  { name: '0007-running-processes', class: RunningProcesses0007 },
  { name: '0008-launched-versions', class: LaunchedVersions0008 },
  { name: '0009-desk-replies', class: DeskReplies0009 },
  { name: '0010-only-the-id', class: OnlyTheId0010 },
  { name: '0011-sessions-and-slow-providers', class: SessionsAndSlowProviders0011 },
  { name: '0012-looks-at-goals', class: LooksAtGoals0012 },
  { name: '0013-of-a-customer', class: OfACustomer0013 },
  { name: '0014-open-words', class: OpenWords0014 },
  { name: '0015-domain-events', class: DomainEvents0015 },
  { name: '0016-published-content', class: PublishedContent0016 },
  { name: '0017-standard-words', class: StandardWords0017 },
  { name: '0018-what-erasure-does', class: WhatErasureDoes0018 },
  { name: '0019-state-beside-reasons', class: StateBesideReasons0019 },
  { name: '0020-answers-on-their-way', class: AnswersOnTheirWay0020 },
  { name: '0021-requests-keep-their-texts', class: RequestsKeepTheirTexts0021 },
  { name: '0022-changes-during-a-pause', class: ChangesDuringAPause0022 },
];
