<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.10" tiledversion="1.10.2" name="things" tilewidth="16" tileheight="32" tilecount="48" columns="16" objectalignment="bottomleft">
 <image source="things.png" width="256" height="96"/>
 <tile id="0" type="lamp">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="1" type="signpost">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="2" type="reeds-1">
  <properties>
   <property name="depth" type="float" value="-2"/>
  </properties>
 </tile>
 <tile id="3" type="reeds-2">
  <properties>
   <property name="depth" type="float" value="-2"/>
  </properties>
 </tile>
 <tile id="4" type="stone">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="5" type="flowerpot">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="6" type="bin">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="7" type="stump">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="8" type="fence">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="9" type="chair-north">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="10" type="chair-south">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="11" type="chair-east">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="12" type="chair-west">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="13" type="chair-blue-north">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="14" type="chair-blue-south">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="15" type="chair-blue-east">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="16" type="chair-blue-west">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="17" type="chair-red-north">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="18" type="chair-red-south">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="19" type="chair-red-east">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="20" type="chair-red-west">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="21" type="chair-teal-north">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="22" type="chair-teal-south">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="23" type="chair-teal-east">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="24" type="chair-teal-west">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="25" type="stool">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="26" type="pouf">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="27" type="lectern">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="28" type="plant-palm">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="29" type="plant-ficus">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="30" type="plant-cactus">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="31" type="globe">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="32" type="cooler">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
 <tile id="33" type="window-west"/>
 <tile id="34" type="window-east"/>
 <tile id="35" type="clock"/>
 <tile id="36" type="picture-1"/>
 <tile id="37" type="picture-2"/>
 <tile id="38" type="picture-3"/>
 <tile id="39" type="picture-4"/>
 <tile id="40" type="sign-a"/>
 <tile id="41" type="sign-b"/>
 <tile id="42" type="sconce"/>
 <tile id="43" type="arcade">
  <properties>
   <property name="depth" type="float" value="-3"/>
  </properties>
 </tile>
</tileset>
