<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.10" tiledversion="1.10.2" name="things-large" tilewidth="48" tileheight="64" tilecount="64" columns="8" objectalignment="bottomleft">
 <image source="things-large.png" width="384" height="512"/>
 <tile id="0" type="oak-1">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="1" type="oak-2">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="2" type="linden-1">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="3" type="linden-2">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="4" type="maple-1">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="5" type="maple-2">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="6" type="cherry-1">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="7" type="cherry-2">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="8" type="fir-1">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="9" type="fir-2">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="10" type="birch">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="11" type="bush">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="12" type="bush-blossom">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="13" type="fountain-west">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="14" type="fountain-east">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="15" type="bench-south">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="16" type="bench-north">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="17" type="picnic-table">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="18" type="bed-rose">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="19" type="bed-sun">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="20" type="bed-plum">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="21" type="bed-sky">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="22" type="rock">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="23" type="notice-stand">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="24" type="parasol-rose">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="25" type="parasol-teal">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="26" type="rose-arch">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="27" type="bicycles">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="28" type="sofa-plum-south">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="29" type="sofa-plum-north">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="30" type="sofa-plum-east">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="31" type="sofa-plum-west">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="32" type="sofa-teal-south">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="33" type="sofa-teal-north">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="34" type="sofa-teal-east">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="35" type="sofa-teal-west">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="36" type="desk-1">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="37" type="desk-2">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="38" type="desk-3">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="39" type="teacher-desk">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="40" type="meeting-table-west">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="41" type="meeting-table-east">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="42" type="round-table">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="43" type="reading-desk">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="44" type="counter">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="45" type="counter-coffee">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="46" type="low-table">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="47" type="bookcase-1">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="48" type="bookcase-2">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="49" type="bookcase-3">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="50" type="bookcase-low">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="51" type="lockers">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="52" type="blackboard-west"/>
 <tile id="53" type="blackboard-mid"/>
 <tile id="54" type="blackboard-east"/>
 <tile id="55" type="whiteboard"/>
 <tile id="56" type="screen"/>
 <tile id="57" type="notices"/>
 <tile id="58" type="world-map"/>
 <tile id="59" type="aquarium">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
 <tile id="60" type="table-tennis">
  <properties>
   <property name="depth" type="float" value="-5"/>
  </properties>
 </tile>
</tileset>
